// Builds the style sheet and the scripts into ../static/built, each under a name with the hash of its content, and a
// manifest that says which is which. What was built before is taken away, but only when all of it is made anew.
import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "built");
const target = ["chrome109", "edge109", "firefox102", "safari15.6"];

async function style(name) {
  const { css } = sass.compile(join(here, "src", `${name}.scss`), {
    loadPaths: [join(here, "node_modules")],
    quietDeps: true,
    // The framework's own warnings about its next version are none of ours.
    silenceDeprecations: ["import"],
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target });
  return [`${name}.css`, code];
}

async function script(name) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(here, "src", `${name}.js`)],
    bundle: true,
    format: "esm",
    legalComments: "inline",
    minify: true,
    target,
    write: false,
  });
  return [`${name}.js`, outputFiles[0].text];
}

const made = await Promise.all([style("site"), script("site"), script("query"), script("map"), script("explore")]);

await mkdir(out, { recursive: true });
const manifest = {};
for (const [name, content] of made) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  manifest[name] = name.replace(".", `-${hash}.`);
  await writeFile(join(out, manifest[name]), content);
}
await writeFile(join(out, "manifest.json.new"), `${JSON.stringify(manifest, null, 2)}\n`);
await rename(join(out, "manifest.json.new"), join(out, "manifest.json"));
const kept = new Set(["manifest.json", ...Object.values(manifest)]);
for (const name of await readdir(out)) {
  if (!kept.has(name)) await rm(join(out, name), { force: true });
}

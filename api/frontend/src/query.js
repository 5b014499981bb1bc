// The query page's editor: stands in for the text area, completes prefixes, classes, properties and variables.
// The terms come from /ns.json, so that the editor knows what the vocabulary knows. Tab leaves the editor; Ctrl+Space
// suggests, Ctrl+Enter asks.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

// Contrast 4.5 or more on white.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "#7b1f7a" },
  { tag: [tags.string, tags.special(tags.string)], color: "#0a6640" },
  { tag: [tags.variableName, tags.propertyName], color: "#0b3d91" },
  { tag: [tags.namespace, tags.url, tags.typeName], color: "#00566b" },
  { tag: [tags.number, tags.bool], color: "#8a3c00" },
  { tag: tags.comment, color: "#50595e", fontStyle: "italic" },
]);

async function vocabulary(address) {
  const { prefixes, terms } = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
  const prefixOptions = Object.entries(prefixes).map(([prefix, namespace]) => ({
    label: `${prefix}:`,
    detail: namespace,
    type: "namespace",
  }));
  const termOptions = terms.map(({ name, kind, definition }) => ({
    label: name,
    detail: kind,
    info: definition,
    type: kind === "class" ? "class" : "property",
  }));
  return { prefixes, prefixOptions, termOptions };
}

function completions(known) {
  return async (context) => {
    const { prefixes, prefixOptions, termOptions } = await known;
    const text = context.state.doc.toString();
    const declaring = context.matchBefore(/PREFIX\s+[\w-]*$/i);
    if (declaring) {
      const from = context.pos - declaring.text.match(/[\w-]*$/)[0].length;
      const options = Object.entries(prefixes).map(([prefix, namespace]) => ({
        label: `${prefix}: <${namespace}>`,
        type: "namespace",
      }));
      return { from, options };
    }
    const word = context.matchBefore(/[?$]?[\w-]*:?[\w-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    if (/^[?$]/.test(word.text)) {
      const names = new Set(text.match(/[?$]\w+/g));
      names.delete(word.text);
      return { from: word.from, options: [...names].map((label) => ({ label, type: "variable" })) };
    }
    return { from: word.from, options: [...termOptions, ...prefixOptions], validFor: /^[\w-]*:?[\w-]*$/ };
  };
}

const area = document.querySelector("textarea.app-query");
if (area) {
  const form = area.form;
  const known = vocabulary(area.dataset.vocabulary);
  const view = new EditorView({
    state: EditorState.create({
      doc: area.value.replace(/^\n/, ""),
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        autocompletion({ override: [completions(known)] }),
        sparql(),
        syntaxHighlighting(colours),
        EditorView.cspNonce.of(area.dataset.nonce),
        EditorView.lineWrapping,
        EditorView.editorAttributes.of({ class: "app-editor" }),
        EditorView.contentAttributes.of({
          "aria-label": "SPARQL query",
          "aria-describedby": area.getAttribute("aria-describedby"),
        }),
        EditorView.theme({
          "&": { fontSize: "16px" },
          ".cm-content, .cm-gutters": { fontFamily: 'ui-monospace, "Liberation Mono", monospace' },
          ".cm-content": { minHeight: "14em" },
          "&.cm-focused": { outline: "none" },
          ".cm-gutters": { color: "#50595e" },
          ".cm-activeLine": { backgroundColor: "#f1f6f8" },
        }),
        keymap.of([
          { key: "Mod-Enter", run: () => (form.requestSubmit(), true) },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...completionKeymap,
        ]),
      ],
    }),
  });
  area.hidden = true;
  area.after(view.dom);
  document.querySelector(`label[for="${area.id}"]`)?.addEventListener("click", () => view.focus());
  form.addEventListener("submit", () => {
    area.value = view.state.doc.toString();
  });
  for (const keys of document.querySelectorAll(".app-editor-keys")) keys.hidden = false;
}

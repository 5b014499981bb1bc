// Makes a picture answer: what is pointed at is lit with all it touches, what is chosen is told in words from the tables.
// It stands by itself, because a page that opens offline holds it too. Without it every box is a link all the same. Boxes
// to move about are drawn by another script (explore.js): the two tell each other what was chosen by an event, "picked".

const DIM = "0.2";

function attach(root) {
  const panel = root.querySelector("[data-picked]");
  const find = root.querySelector("select[name=select]");
  if (!panel) return;
  // The free view has no SVG to light; what is chosen is told all the same.
  const svg = root.querySelector("svg.app-drawing") ?? document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const boxes = new Map([...svg.querySelectorAll(".app-box")].map((box) => [box.dataset.key, box]));
  const lines = [...svg.querySelectorAll(".app-line")];
  const ends = (line) => [line.dataset.a, line.dataset.b];
  const named = (key) =>
    (root.querySelector(`[data-box="${CSS.escape(key)}"] [data-name]`) ?? find?.querySelector(`option[data-key="${CSS.escape(key)}"]`))
      ?.textContent.trim() ?? boxes.get(key)?.querySelector("title").textContent.split(/[.(]/)[0] ?? key;
  let picked = JSON.parse(panel.dataset.picked);

  function light(keys) {
    const touched = (line) => (keys.length === 1 ? ends(line).includes(keys[0]) : keys.every((key) => ends(line).includes(key)));
    const lit = new Set(keys);
    if (keys.length === 1) for (const line of lines) if (touched(line)) ends(line).forEach((key) => lit.add(key));
    const set = (element, on) => (on ? element.removeAttribute("opacity") : element.setAttribute("opacity", DIM));
    for (const [key, box] of boxes) set(box, !keys.length || lit.has(key));
    for (const line of lines) set(line, !keys.length || touched(line));
  }

  // The rows of the tables whose lines are the box or the line chosen.
  function rows(keys) {
    return [...root.querySelectorAll("[data-a]")].filter(
      (row) => !svg.contains(row) && keys.every((key) => ends(row).includes(key)),
    );
  }

  function add(parent, name, text) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    parent.append(made);
    return made;
  }

  function tell(keys) {
    panel.hidden = !keys.length;
    panel.replaceChildren();
    if (!keys.length) return;
    const title = add(panel, "h2", keys.map(named).join(" and "));
    title.className = panel.dataset.heading || "";
    const close = add(panel, "button", "Show everything again");
    close.type = "button";
    close.className = panel.dataset.button || "";
    close.addEventListener("click", () => pick([]));
    const own = [...root.querySelectorAll("[data-box]")].find((row) => keys.length === 1 && row.dataset.box === keys[0]);
    for (const row of own ? [own] : rows(keys)) {
      add(panel, "p", row.querySelector("[data-words]").textContent.trim());
      const actions = row.querySelector("[data-actions]");
      if (actions) panel.append(told(actions));
    }
    // Where every line is an action, the list of actions has said it all.
    const beside = own && !("brief" in panel.dataset) ? rows(keys) : [];
    if (beside.length) {
      const list = add(panel, "ul");
      list.className = "app-picked__lines";
      for (const row of beside) {
        const item = add(list, "li");
        const button = add(item, "button", row.querySelector("[data-words]").textContent.trim());
        button.type = "button";
        button.addEventListener("click", () => pick(ends(row)));
      }
    }
  }

  // A list of actions with their titles beside their references.
  function told(actions) {
    const list = actions.cloneNode(true);
    for (const link of list.querySelectorAll("[title]")) {
      link.textContent = `${link.textContent} ${link.title}`;
      link.removeAttribute("title");
    }
    return list;
  }

  function pick(keys) {
    picked = keys;
    light(keys);
    tell(keys);
    if (find) find.value = keys.length === 1 ? (find.querySelector(`option[data-key="${CSS.escape(keys[0])}"]`)?.value ?? "") : "";
    remember(keys);
    show(keys);
    root.dispatchEvent(new CustomEvent("picked", { detail: { keys, by: attach } }));
  }

  // What was told stands at the foot of the window: what was chosen is not to lie under it.
  function show(keys) {
    const box = boxes.get(keys[0]);
    if (!box) return;
    const { top, bottom } = box.getBoundingClientRect();
    const free = innerHeight - (panel.hidden ? 0 : panel.offsetHeight) - 16;
    if (top < 0 || bottom > free) scrollBy({ top: (top + bottom - free) / 2, behavior: "instant" });
  }

  // The address says what is shown, so that it can be sent on.
  function remember(keys) {
    if (location.protocol === "file:" || !root.dataset.map) return;
    const address = new URL(location.href);
    const names = keys.map((key) => root.querySelector(`[data-box="${CSS.escape(key)}"]`)?.dataset.called ?? key);
    for (const [at, name] of ["select", "beside"].entries()) {
      if (names[at]) address.searchParams.set(name, names[at]);
      else address.searchParams.delete(name);
    }
    address.hash = "";
    history.replaceState(null, "", address);
    const shown = document.getElementById("permalink");
    if (shown) shown.textContent = address.href;
  }

  root.addEventListener("picked", (event) => {
    if (event.detail.by !== attach) pick(event.detail.keys);
  });
  // Not on the SVG itself: a browser would take one that listens for focus as a stop for the Tab key.
  const canvas = svg.parentElement ?? root;
  canvas.addEventListener("click", (event) => {
    const box = event.target.closest(".app-box");
    const line = event.target.closest(".app-line");
    if (!(box || line) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    pick(box ? [box.dataset.key] : ends(line));
  });
  for (const [on, off] of [
    ["pointerover", "pointerout"],
    ["focusin", "focusout"],
  ]) {
    canvas.addEventListener(on, (event) => {
      const box = event.target.closest(".app-box");
      const line = event.target.closest(".app-line");
      if (!picked.length && (box || line)) light(box ? [box.dataset.key] : ends(line));
    });
    canvas.addEventListener(off, () => light(picked));
  }
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && picked.length) pick([]);
  });
  find?.addEventListener("change", () => {
    const key = find.selectedOptions[0]?.dataset.key;
    pick(key ? [key] : []);
  });
  if (picked.length) pick(picked);
}

for (const root of document.querySelectorAll("[data-map]")) attach(root);

// The free view: the boxes and lines of the picture, to move about. It begins where the picture has them.
import { Network } from "vis-network/peer/esm/vis-network.js";

const { nodes, edges, options } = JSON.parse(document.getElementById("explorable").textContent);
const place = document.getElementById("explore");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

const network = new Network(
  place,
  { nodes, edges },
  {
    ...options,
    physics: { enabled: false, stabilization: !still },
    interaction: { hover: true, keyboard: { enabled: true, bindToWindow: false }, navigationButtons: false },
    nodes: { margin: 5, borderWidth: 1.5, borderWidthSelected: 4, font: { face: "Arial, Helvetica, sans-serif" } },
    edges: { smooth: false, selectionWidth: 2, font: { face: "Arial, Helvetica, sans-serif", size: 12 } },
  },
);
network.fit();
place.dataset.ready = "yes";

// What is chosen here is told by the page, and what is chosen there (by its list of names) is found here.
const root = place.closest("[data-map]");
const tell = (keys) => root?.dispatchEvent(new CustomEvent("picked", { detail: { keys, by: network } }));
network.on("click", ({ nodes: [node], edges: [edge] }) => {
  if (node) tell([node]);
  else if (edge) tell([...network.getConnectedNodes(edge)]);
  else tell([]);
});
root?.addEventListener("picked", ({ detail: { keys } }) => {
  network.selectNodes(keys, keys.length === 1);
  if (keys.length) network.focus(keys[0], { scale: Math.max(network.getScale(), 0.8) });
});
const picked = JSON.parse(root?.querySelector("[data-picked]")?.dataset.picked ?? "[]");
if (picked.length) {
  network.selectNodes(picked, picked.length === 1);
  network.focus(picked[0], { scale: Math.max(network.getScale(), 0.8) });
}

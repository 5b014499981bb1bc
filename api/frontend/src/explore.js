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
    nodes: { margin: 8, borderWidth: 1.5, font: { face: "Arial, Helvetica, sans-serif" } },
    edges: { color: { color: "#6f777b", highlight: "#0f4c5c" }, smooth: false },
  },
);
network.fit();
place.dataset.ready = "yes";

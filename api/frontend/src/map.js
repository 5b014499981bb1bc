// The picture answers by the script that lies beside it, because pages that open offline hold it too.
import "../../../kg/maps/map.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

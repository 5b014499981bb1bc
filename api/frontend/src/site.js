// Every page works without this script; with it the menu folds on a small screen, and choosing in the scope bar is enough.
import { ServiceNavigation } from "govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const [module, Component] of [
  ["govuk-service-navigation", ServiceNavigation],
  ["govuk-skip-link", SkipLink],
]) {
  for (const element of document.querySelectorAll(`[data-module="${module}"]`)) new Component(element);
}

// A blank choice need not stand in the address: the link to a page stays short enough to read out.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.value === "") field.disabled = true;
    }
  });
}
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[method=get] :disabled")) field.disabled = false;
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    const said = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = said;
    }, 2000);
  });
}

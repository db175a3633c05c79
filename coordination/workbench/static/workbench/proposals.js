// The proposals, and handing over many: one tick for all of a page. Without it each is ticked by itself.
"use strict";
(() => {
  const form = document.querySelector("#proposals, #many");
  const all = form?.querySelector("[data-pick-all]");
  const picks = () => [...form.querySelectorAll("[name=pick]")];
  form?.addEventListener("change", (event) => {
    if (event.target === all) for (const each of picks()) each.checked = all.checked;
    else if (event.target.matches("tr select")) {
      const deputy = event.target.closest("tr").querySelector("[data-own]");
      deputy.textContent = event.target.selectedIndex ? deputy.dataset.other : deputy.dataset.own;
    } else if (event.target.name === "pick") all.checked = picks().every((each) => each.checked);
  });
})();

// On a telephone the rows of a list are cards (desk.css): each cell says which column it is of.
"use strict";

function labelCells() {
  for (const table of document.querySelectorAll("table:is(.z-cards, #result_list):not([data-labelled])")) {
    table.dataset.labelled = "";
    table.classList.add("z-cards");
    // A heading of the theme's lists holds icons beside its text.
    const heads = [...table.rows[0].cells].map((th) => (th.querySelector(".text") ?? th).textContent.trim());
    for (const row of [...table.rows].slice(1))
      if (row.cells.length > 1)
        [...row.cells].forEach((cell, n) => { cell.dataset.label = heads[n] ?? ""; });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  labelCells();
  new MutationObserver(labelCells).observe(document.body, { childList: true, subtree: true });
});

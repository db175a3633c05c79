// On a telephone the rows of a list are cards (desk.css): each cell says which column it is of.
"use strict";

function labelCells() {
  for (const table of document.querySelectorAll("table.z-cards:not([data-labelled])")) {
    table.dataset.labelled = "";
    const heads = [...table.querySelectorAll("tr:first-child > th")].map((th) => th.textContent.trim());
    for (const row of table.rows)
      [...row.querySelectorAll(":scope > td:not([colspan])")].forEach((cell, n) => {
        cell.dataset.label = heads[n] || "";
      });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  labelCells();
  new MutationObserver(labelCells).observe(document.body, { childList: true, subtree: true });
});

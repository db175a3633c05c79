// The first page: j and k walk from row to row.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || desk.typing(event)) return;
  if (event.key !== "j" && event.key !== "k") return;
  desk.walk([...document.querySelectorAll("[data-row]")], event.key === "j" ? 1 : -1);
});

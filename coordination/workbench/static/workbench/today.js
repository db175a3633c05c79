// The first page: j and k walk from row to row.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || desk.typing(event)) return;
  if (event.key !== "j" && event.key !== "k") return;
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.indexOf(document.activeElement?.closest?.("[data-row]"));
  const step = event.key === "j" ? 1 : -1;
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  if (next) { next.querySelector("[data-open]").focus(); next.scrollIntoView({ block: "nearest" }); }
});

// Rows of a form, each one line of a ticket: they are added and removed here, and numbered anew.
"use strict";

const rows = {
  FIELD: "textarea, select, input:not([type=hidden])",
  PLACE: /lines([-_])(?:\d+|__\w+?__)\1/,

  of: (form) => [...form.querySelectorAll("[data-row-of-form]")],

  number(form) {
    for (const [place, row] of rows.of(form).entries()) {
      row.querySelector("[data-number]").textContent = place + 1;
      for (const each of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
        for (const name of ["name", "id", "for", "aria-describedby"]) {
          const was = each.getAttribute(name);
          if (was) each.setAttribute(name, was.replace(rows.PLACE, `lines$1${place}$1`));
        }
      }
    }
    const total = form.elements.namedItem("lines-TOTAL_FORMS");
    if (total) total.value = rows.of(form).length;
    form.querySelector("[data-rows]").dispatchEvent(new Event("input", { bubbles: true }));
  },

  add(form) {
    const template = form.querySelector("[data-rows] > template");
    template.before(document.importNode(template.content, true));
    rows.number(form);
    return rows.of(form).at(-1);
  },

  remove(row) {
    const { form } = row;
    if (rows.of(form).length === 1) rows.add(form);
    const at = rows.of(form).indexOf(row);
    row.remove();
    rows.number(form);
    rows.of(form)[Math.max(0, at - 1)].querySelector(rows.FIELD).focus();
  },
};

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  if (add) {
    event.preventDefault();
    rows.add(add.form).querySelector(rows.FIELD).focus();
  }
  const remove = event.target.closest("[data-remove-row]");
  if (remove) rows.remove(remove.closest("[data-row-of-form]"));
});

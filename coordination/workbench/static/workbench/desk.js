// What the staff's pages share: keys, and forms that answer in place. Without it they are pages.
"use strict";

const desk = {
  typing(event) {
    const tag = event.target.tagName;
    return ["INPUT", "TEXTAREA", "SELECT"].includes(tag) && event.target.type !== "checkbox";
  },

  // A key does what the visible element that names it in data-key does when clicked.
  press(key, within = document) {
    const found = within.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (found) found.click();
    return Boolean(found);
  },

  // From the row that has the focus to the next (1) or the one before (-1).
  walk(rows, step) {
    const at = rows.indexOf(document.activeElement?.closest?.("[data-row]"));
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
    if (next) { next.querySelector("[data-open]").focus(); next.scrollIntoView({ block: "nearest" }); }
  },

  async part(address, options = {}) {
    const answer = await fetch(address, {
      ...options, credentials: "same-origin", headers: { "X-Part": "1", ...options.headers },
    });
    return { answer, text: await answer.text() };
  },

  dialog(html, whenClosed) {
    const box = document.createElement("dialog");
    box.className = "z-dialog";
    box.innerHTML = html;
    const before = document.activeElement;
    box.addEventListener("close", () => { box.remove(); before?.focus(); whenClosed(); });
    box.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) { event.preventDefault(); box.close(); }
    });
    box.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { text } = await desk.part(event.target.action, {
        method: "POST", body: new FormData(event.target, event.submitter),
      });
      box.innerHTML = text;
      (box.querySelector("[aria-invalid], .z-error, a, button") ?? box).focus();
    });
    document.body.append(box);
    box.showModal();
    box.querySelector("textarea, select, button[type=submit], a")?.focus();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form")?.requestSubmit();
  }
});

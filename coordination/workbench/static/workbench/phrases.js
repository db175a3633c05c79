// What is often said: offered above a text of a verb's form when the text is entered, put in by a click.
"use strict";

(() => {
  // Read when they are needed: the queue's form comes with its phrases in a dialog.
  const phrases = () => JSON.parse(document.getElementById("phrases")?.textContent ?? "{}");

  function offer(text) {
    const form = text.form;
    const verb = form?.dataset.verb ?? form?.getAttribute("action")?.match(/\/do\/(\w+)\//)?.[1];
    const found = verb && phrases()[verb];
    if (!found || text.previousElementSibling?.matches(".z-phrases")) return;
    text.form.querySelector(".z-phrases")?.remove();
    const row = document.createElement("p");
    row.className = "z-phrases";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", document.querySelector("[data-phrases-label]")?.textContent ?? "");
    for (const words of found) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words;
      button.addEventListener("click", () => put(text, words));
      row.append(button);
    }
    text.before(row);
  }

  // At the caret, in place of what is selected; the first × is selected, to be typed over.
  function put(text, words) {
    const at = text.selectionStart;
    text.setRangeText(words, at, text.selectionEnd, "end");
    const open = words.indexOf("×");
    text.focus();
    if (open >= 0) text.setSelectionRange(at + open, at + open + 1);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("#ticket textarea, #bulk textarea")) offer(event.target);
  });
})();

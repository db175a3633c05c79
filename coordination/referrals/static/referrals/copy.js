// A link that is shown once: into the clipboard by one press, or marked where that is not allowed.
"use strict";

// Offered once it can be heeded: a press before this would be lost without a word.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  // An address without TLS has no clipboard of its own, and a browser may ask before it gives one.
  const copied = document.execCommand("copy")
    || await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
  document.getElementById("copied").textContent = copied ? button.dataset.done : button.dataset.failed;
});

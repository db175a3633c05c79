// A link that is shown once: into the clipboard by one press, or marked where that is not allowed.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // an address without TLS has no clipboard of its own
  }
  document.getElementById("copied").textContent = button.dataset.done;
});

// A paper's button opens the browser's own dialog for printing.
"use strict";

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

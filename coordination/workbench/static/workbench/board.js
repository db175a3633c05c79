// The board looks for new figures each minute, in place: what is open stays open, nothing moves.
"use strict";
(() => {
  const EVERY = 60_000; // milliseconds
  const page = document.getElementById("board-page");
  const place = document.getElementById("board");
  const notice = page.querySelector(".b-lost");

  function replaced(text) {
    const open = [...place.querySelectorAll("details[open]")].map((each) => each.id);
    const focused = place.contains(document.activeElement) && document.activeElement.closest("[id]")?.id;
    place.innerHTML = text;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused && focused !== "board") {
      const found = document.getElementById(focused);
      (found?.matches("a") ? found : found?.querySelector("summary, a"))?.focus({ preventScroll: true });
    }
  }

  function say(words) {
    notice.hidden = !words;
    const at = place.querySelector("[data-at]")?.dataset.at ?? "";
    notice.textContent = words ? `${words} ${at}` : "";
  }

  async function refresh() {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, {
        credentials: "same-origin", headers: { "X-Part": "1", "X-By-Itself": "1" },
      });
      if (answer.redirected || answer.status === 403) { say(page.dataset.over); return; }
      if (!answer.ok) throw new Error(answer.status);
      replaced(await answer.text());
      say("");
    } catch { say(page.dataset.lost); }
  }

  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
  page.addEventListener("board:refresh", refresh);
  page.querySelector("[data-print]").addEventListener("click", () => window.print());
  document.addEventListener("click", (event) => { // a list of choices closes when one looks away
    for (const each of page.querySelectorAll(".b-choose[open]"))
      if (!each.contains(event.target)) each.open = false;
  });
})();

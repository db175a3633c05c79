// The wall looks for new figures each minute, and says so when it cannot have them.
"use strict";
(() => {
  const EVERY = 60_000; // milliseconds
  const GONE = [404, 410];
  const place = document.getElementById("wall");
  const lost = document.getElementById("lost");

  async function refresh() {
    try {
      const answer = await fetch(location.href, {
        credentials: "omit", cache: "no-store", headers: { "X-Part": "1" },
      });
      if (GONE.includes(answer.status)) { location.reload(); return; }
      if (!answer.ok) throw new Error(answer.status);
      place.innerHTML = await answer.text();
      lost.hidden = true;
    } catch {
      lost.textContent = `${document.body.dataset.lost} ${place.querySelector("[data-at]").dataset.at}`;
      lost.hidden = false;
    }
  }

  setInterval(refresh, EVERY);
  document.addEventListener("wall:refresh", refresh);
})();

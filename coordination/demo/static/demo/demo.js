// Keeps the strip's clock right, and shows the page anew when the clock has been moved on.
(() => {
  const strip = document.querySelector(".demo-strip");
  const status = strip.querySelector("p");
  const isMoving = () => status.querySelector("[data-moving]") !== null;
  const wasMoving = isMoving();
  const look = async () => {
    try {
      const answer = await fetch(strip.dataset.clock);
      if (answer.ok) status.innerHTML = await answer.text();
    } catch { /* the next look may be answered */ }
    if (wasMoving && !isMoving()) location.reload();
    else setTimeout(look, isMoving() ? 1000 : 20000);
  };
  setTimeout(look, wasMoving ? 1000 : 20000);
})();

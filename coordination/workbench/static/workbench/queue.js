// The queue: filters act at once, j and k walk, x chooses, a verb for many opens in place.
"use strict";

(() => {
  const box = document.getElementById("queue");
  const filters = document.getElementById("filters");
  let latest = 0;

  const rows = () => [...box.querySelectorAll("[data-row]")];
  const current = () => document.activeElement?.closest?.("[data-row]");

  async function show(address, { keep = true } = {}) {
    const mine = ++latest;
    box.setAttribute("aria-busy", "true");
    const { answer, text } = await desk.part(address);
    if (mine !== latest) return; // a later choice has overtaken this one
    box.removeAttribute("aria-busy");
    if (!answer.ok || answer.redirected) { location.assign(address); return; }
    box.innerHTML = text;
    if (keep) history.replaceState(null, "", address);
    picked();
  }

  function address() {
    const given = new URLSearchParams();
    for (const [name, value] of new FormData(filters)) if (value) given.append(name, value);
    return `?${given.toString() || "status="}`;
  }

  function reflect(query) {
    const given = new URLSearchParams(query);
    for (const field of filters.elements) if (field.name) field.value = given.get(field.name) ?? "";
    marked();
  }

  function marked() { // what is set stays in sight on a narrow screen, where the rest is folded away
    const chosen = [...filters.querySelectorAll("select")];
    for (const each of chosen) each.toggleAttribute("data-set", each.value !== "");
    const narrowed = chosen.filter((each) => each.value && each.name !== "order").length;
    const said = filters.querySelector("[data-narrowed]");
    said.textContent = String(narrowed);
    said.parentElement.hidden = narrowed === 0;
  }

  function picked() {
    const chosen = box.querySelectorAll("[name=pick]:checked").length;
    const said = box.querySelector("[data-picked]");
    if (said) said.textContent = chosen ? String(chosen) : "";
    box.querySelector(".z-many")?.classList.toggle("z-some", chosen > 0);
  }

  let waiting;
  filters.addEventListener("input", (event) => {
    clearTimeout(waiting);
    marked();
    waiting = setTimeout(() => show(address()), event.target.type === "search" ? 250 : 0);
  });
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show(address());
  });
  document.getElementById("queue-page").addEventListener("click", (event) => {
    const to = event.target.closest("[data-view], [data-page], [data-clear]");
    if (!to || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    reflect(new URL(to.href).search);
    show(to.getAttribute("href"));
  });
  box.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) {
      for (const each of box.querySelectorAll("[name=pick]")) each.checked = event.target.checked;
    }
    picked();
  });
  box.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-in-dialog]")) return;
    event.preventDefault();
    const body = new FormData(event.target, event.submitter);
    const { text } = await desk.part(event.target.action, { method: "POST", body });
    desk.dialog(text, () => show(location.search || "?"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (desk.typing(event)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "j" || event.key === "k") { desk.walk(rows(), event.key === "j" ? 1 : -1); return; }
    if (event.key === "x") {
      const pick = current()?.querySelector("[name=pick]");
      if (pick) { pick.checked = !pick.checked; picked(); }
      return;
    }
    if (/^[a-z]$/.test(event.key) && box.querySelector("[name=pick]:checked")) desk.press(event.key, box);
  });
  document.documentElement.classList.add("z-script");
  marked();
  picked();
})();

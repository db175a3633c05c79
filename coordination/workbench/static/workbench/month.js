// The working calendar: a click changes a day in place. Without it each click loads the page anew.
"use strict";

(() => {
  const form = document.getElementById("clicked");
  if (!form) return; // without service hours there is no calendar
  const acts = form.querySelector("[data-acts]");
  const said = acts.querySelector("[data-said]");

  // Day and state, as coordination/workbench/year/marks.py reads them.
  const read = (text) => new Map([...text.matchAll(/(\d{8})([wr])/g)].map(([, day, state]) => [day, state]));

  function carry(marks) { // in the form, in the links to other months, and in the page's own address
    const text = [...marks].sort().map((each) => each.join("")).join(".");
    form.elements.marks.value = text;
    for (const link of document.querySelectorAll("a[data-month]")) link.href = within(link.href, text);
    history.replaceState(null, "", within(location.href, text));
    acts.hidden = !marks.size;
    said.textContent = said.dataset.said.replace("{number}", marks.size);
  }
  function within(address, text) {
    const found = new URL(address, location.href);
    for (const name of ["look", "toggle"]) found.searchParams.delete(name);
    found.searchParams.set("month", found.searchParams.get("month") ?? form.elements.month.value);
    if (text) found.searchParams.set("marks", text); else found.searchParams.delete("marks");
    return found.href;
  }
  function change(day) {
    const marks = read(form.elements.marks.value);
    const off = day.getAttribute("aria-pressed") !== "true"; // from now on
    const changed = !marks.delete(day.value);
    if (changed) marks.set(day.value, off ? "r" : "w");
    day.setAttribute("aria-pressed", String(off));
    day.closest("td").classList.toggle("z-off", off);
    day.toggleAttribute("data-changed", changed);
    day.querySelector("[data-state]").textContent = off ? form.dataset.off : form.dataset.worked;
    const was = day.querySelector("[data-was]");
    was.textContent = off ? form.dataset.wasWorked : form.dataset.wasOff;
    was.hidden = !changed;
    day.querySelector("[data-reason]").hidden = changed;
    document.getElementById("plan")?.remove(); // it said what would be entered before
    acts.querySelector("button").classList.add("z-primary");
    const worked = form.querySelector("[data-worked-days]");
    worked.textContent = worked.textContent.replace(/\d+/, form.querySelectorAll(".z-day[aria-pressed=false]").length);
    carry(marks);
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "toggle") return;
    event.preventDefault();
    change(event.submitter);
  });

  // The arrow keys walk from day to day, and from week to week.
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  form.addEventListener("keydown", (event) => {
    const days = [...form.querySelectorAll(".z-day")];
    const to = days[days.indexOf(event.target) + STEPS[event.key]];
    if (!event.target.matches(".z-day") || !to) return;
    event.preventDefault();
    to.focus();
  });
})();

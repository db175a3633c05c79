// One ticket: its acts and their forms, answers in place, and who else is looking.
"use strict";

(() => {
  document.documentElement.classList.add("z-script"); // without it, a link shows the form it names
  const page = () => document.getElementById("ticket");
  const FIELD = "textarea, select, input:not([type=hidden]), button";

  // The forms, of which one is open.

  const opened = () => page().querySelector(".z-do.z-open");
  const opener = (verb) => {
    const found = page().querySelector(`.z-actions > [data-do="${verb}"], .z-actions > [data-at-once="${verb}"]`);
    return found ?? page().querySelector("#more > summary");
  };

  function open(verb) {
    const form = page().querySelector(`#do-${verb}`);
    if (!form) return;
    shut();
    form.classList.add("z-open");
    page().querySelector(`.z-actions > [data-do="${verb}"]`)?.setAttribute("aria-expanded", "true");
    form.querySelector("[aria-invalid=true]")?.focus() ?? form.querySelector(FIELD)?.focus();
    form.scrollIntoView({ block: "nearest" });
  }

  function shut() {
    const form = opened();
    if (!form) return;
    form.classList.remove("z-open");
    page().querySelectorAll("[aria-expanded]").forEach((each) => each.removeAttribute("aria-expanded"));
    opener(form.id.slice(3))?.focus();
  }

  // The menu of the other acts.

  const menu = () => page().querySelector("#more");
  const items = () => [...page().querySelectorAll("#more [role=menuitem]")];

  function step(key) {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1 }[key];
    all[(to + all.length) % all.length].focus();
  }

  function shutMenu(refocus) {
    if (!menu()?.open) return;
    menu().open = false;
    if (refocus) menu().querySelector("summary").focus();
  }

  // A key goes to what it names; what would be done at once only gets the focus.
  function reach(act) {
    if (act.closest("#more")) menu().open = true;
    if (act.matches("[data-at-once]")) { act.focus(); return; }
    act.click();
  }

  async function send(form, submitter) {
    const { answer, text } = await desk.part(form.action, { method: "POST", body: new FormData(form, submitter) });
    const found = new DOMParser().parseFromString(text, "text/html").getElementById("ticket");
    if (!found) { // gone to another group, or logged out
      location.assign(answer.url);
      return;
    }
    const done = answer.redirected;
    page().replaceWith(document.importNode(found, true));
    const to = done ? page().querySelector("#said") : opened()?.querySelector(".z-field:has(.z-error) :is(textarea, select, input)") ?? opened()?.querySelector(FIELD);
    if (done) to.tabIndex = -1;
    to?.focus();
    opened()?.scrollIntoView({ block: "nearest" });
    look();
  }

  document.addEventListener("click", (event) => {
    const act = event.target.closest("#ticket [data-do]");
    if (act) {
      event.preventDefault();
      shutMenu(false);
      if (opened()?.id === `do-${act.dataset.do}` && act.matches(".z-actions > *")) shut(); else open(act.dataset.do);
      return;
    }
    if (event.target.closest("#ticket [aria-disabled=true]")) { event.preventDefault(); return; }
    const cancel = event.target.closest("#ticket [data-cancel]");
    if (cancel) {
      event.preventDefault();
      const form = cancel.closest("form");
      form.reset();
      shut();
    }
    const close = event.target.closest("#ticket [data-close-details]");
    if (close) {
      const box = close.closest("details");
      close.form.reset();
      box.open = false;
      box.querySelector("summary").focus();
    }
    if (!event.target.closest("#more")) shutMenu(false);
    if (event.target.closest("#more > summary")) setTimeout(() => { if (menu().open) items().find((each) => !each.ariaDisabled)?.focus(); });
  });

  // A link from the first page names the verb that it opens. Its form may stand in a panel. The
  // hash is no element's id: the browser would move the focus to that element.
  const named = location.hash.match(/^#act-(\w+)$/)?.[1];
  if (named) {
    const act = page().querySelector(`[data-at-once="${named}"]`);
    const form = page().querySelector(`.z-card form[action*="/do/${named}/"]`);
    if (act) reach(act);
    else if (page().querySelector(`#do-${named}`)) open(named);
    else if (form) {
      const folded = form.closest("details");
      if (folded) folded.open = true;
      form.scrollIntoView({ block: "nearest" });
      form.querySelector(FIELD)?.focus();
    }
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#ticket .z-do form")) return;
    event.preventDefault();
    const buttons = page().querySelectorAll(`[form="${event.target.id}"], #${event.target.id} button[type=submit]`);
    if ([...buttons].some((each) => each.disabled)) return;
    buttons.forEach((each) => { each.disabled = true; });
    send(event.target, null).finally(() => buttons.forEach((each) => { each.disabled = false; }));
  });
  document.addEventListener("change", (event) => { // too large a file need not be sent to be refused
    const field = event.target.closest("#ticket input[type=file][data-largest]");
    if (!field) return;
    field.parentElement.querySelectorAll(".z-error").forEach((each) => each.remove());
    if (![...field.files].some((file) => file.size > Number(field.dataset.largest))) return;
    field.value = "";
    const said = document.createElement("p");
    said.className = "z-error";
    said.role = "alert";
    said.textContent = field.dataset.tooLarge;
    field.after(said);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (menu()?.open) shutMenu(true); else shut();
      return;
    }
    if (menu()?.open && menu().contains(event.target) && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
      event.preventDefault();
      step(event.key);
      return;
    }
    if (event.key === "Tab") shutMenu(false);
    if (event.key === " " && event.target.matches("#ticket a[data-do]")) { event.preventDefault(); event.target.click(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || desk.typing(event)) return;
    const act = page().querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!act) return;
    event.preventDefault();
    reach(act);
  });

  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(page().dataset.looking, { credentials: "same-origin", headers: { "X-By-Itself": "1" } });
      if (!answer.ok) return;
      const { names, version } = await answer.json();
      const said = page().querySelector(".z-looking");
      said.textContent = names.length ? `${said.dataset.names} ${names.join("、")}` : "";
      if (version > Number(page().dataset.version) && !page().querySelector(".z-changed")) {
        const note = document.createElement("a");
        note.className = "z-message z-warning z-changed";
        note.href = location.href;
        note.textContent = page().dataset.changed;
        page().querySelector("#said").append(note);
      }
    } catch { /* who is looking is a courtesy */ }
  }

  look();
  setInterval(look, 10_000);
})();

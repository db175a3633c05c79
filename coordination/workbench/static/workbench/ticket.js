// One ticket: a key for each verb, answers in place, drafts that survive, and who else is looking.
"use strict";

(() => {
  const page = () => document.getElementById("ticket");
  const draft = (form) => `draft:${page().dataset.ticket}:${form.closest("details").id}`;
  const words = (form) => [...form.elements].filter((each) => each.matches("textarea, select, input:not([type=hidden], [type=file])"));

  function remember(form) {
    const typed = words(form).map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value]);
    sessionStorage.setItem(draft(form), JSON.stringify(typed));
  }

  function recall() {
    for (const form of page().querySelectorAll("details[name=verb] form")) {
      const kept = sessionStorage.getItem(draft(form));
      if (!kept || form.closest("details").open) continue; // just refused: what was typed is there
      for (const [name, value] of JSON.parse(kept)) {
        const field = form.elements.namedItem(name);
        if (!field) continue;
        if (field.type === "checkbox") field.checked = value; else field.value = value;
      }
    }
  }

  async function send(form, submitter) {
    const { answer, text } = await desk.part(form.action, { method: "POST", body: new FormData(form, submitter) });
    const found = new DOMParser().parseFromString(text, "text/html").getElementById("ticket");
    if (!found) { // gone to another group, or logged out
      sessionStorage.removeItem(draft(form));
      location.assign(answer.url);
      return;
    }
    const done = answer.redirected;
    if (done) sessionStorage.removeItem(draft(form));
    page().replaceWith(document.importNode(found, true));
    recall();
    const to = done ? page().querySelector("#said") : page().querySelector("details[open] :is(textarea, select, input:not([type=hidden]), button)");
    if (done) to.tabIndex = -1;
    to?.focus();
    page().querySelector("details[open]")?.scrollIntoView({ block: "nearest" });
    look();
  }

  // A link from the first page names the verb that it opens. Its form may stand in a panel. The
  // hash is no element's id: the browser would move the focus to that element.
  const verb = location.hash.match(/^#act-(\w+)$/)?.[1];
  const named = verb && page().querySelector(`form[action*="/do/${verb}/"]`);
  if (named) {
    const folded = named.closest("details");
    if (folded) folded.open = true;
    named.scrollIntoView({ block: "nearest" });
    named.querySelector("textarea, select, input:not([type=hidden]), button")?.focus();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#ticket details[name=verb] form")) return;
    event.preventDefault();
    const button = event.target.querySelector("button[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    send(event.target, event.submitter).finally(() => { button.disabled = false; });
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("#ticket details[name=verb] form");
    if (form) remember(form);
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
      const open = page().querySelector("details[name=verb][open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || desk.typing(event)) return;
    const opener = page().querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!opener) return;
    event.preventDefault();
    opener.click();
    opener.closest("details[open]")?.querySelector("textarea, select, input:not([type=hidden]), button")?.focus();
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

  recall();
  look();
  setInterval(look, 10_000);
})();

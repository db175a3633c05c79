// What somebody types into a form of the staff's pages is kept until the server has taken it.
//
// Two copies, under the officer's id, the form's address and its name: one in sessionStorage, which
// a reload and a new sign-in in the same tab leave; one in localStorage for a tab that was closed,
// encrypted with a key that only a page of the same officer gets (docs/adr/0056-typed-text.md).
// Passwords, codes and files are never kept. Both go when the server says that it has done what was
// sent, when the officer signs out, and after a day.
"use strict";

(() => {
  const DAY = 24 * 60 * 60 * 1000;
  const PATIENCE = 10_000; // ms for the question that is asked before a form is sent
  const FIELDS = "textarea, select, input:not([type=hidden], [type=file], [type=password], [type=submit], "
    + "[type=button], [type=reset], [type=image], [autocomplete=one-time-code], [name=pick], [data-pick-all])";
  const told = () => document.getElementById("typed"); // only where somebody is signed in
  const dirty = new Set(); // forms with text that was not sent
  const given = new WeakSet(); // forms that have had their text back
  const asking = new WeakSet();
  const passing = new WeakSet(); // asked about: this time it may go
  const ids = new WeakMap(); // form -> the id under which it is sent, the same for the same words
  let leaving = false;

  // Names

  const begin = () => `typed:${told().dataset.officer}:`;
  const target = (form) => new URL(form.getAttribute("action") || location.href, location.href);
  // Forms with a password or a code are left alone: nothing of them is kept, and until a password is
  // changed or a second factor enrolled the server answers no question but theirs.
  const isKept = (form) => told() && form.method === "post" && target(form).pathname.startsWith("/admin/")
    && !form.querySelector("[name=next], [type=password], [autocomplete=one-time-code]") && form.id !== "logout-form";
  function nameOf(form) {
    const own = form.dataset.typed ?? form.id ?? "";
    return `${begin()}${target(form).pathname}#${own || form.closest("details")?.id || ""}`;
  }
  function* fieldsOf(form) { // each with a name that a page drawn anew gives it too
    const seen = new Map();
    for (const field of form.elements) {
      if (!field.name || !field.matches(FIELDS)) continue;
      const isTick = field.type === "checkbox" || field.type === "radio";
      const name = isTick ? `${field.name}=${field.value}` : field.name;
      const number = seen.get(name) ?? 0;
      seen.set(name, number + 1);
      yield [`${name}:${number}`, field];
    }
  }
  const chosen = (field) => [...field.selectedOptions].map((each) => [each.value, each.text]);
  function valueOf(field) {
    if (field.matches("select")) return chosen(field);
    return field.type === "checkbox" || field.type === "radio" ? field.checked : field.value;
  }
  function isChanged(field) {
    if (!field.matches("select")) {
      return field.type === "checkbox" || field.type === "radio"
        ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
    }
    const usual = [...field.options].filter((each) => each.defaultSelected);
    const first = field.multiple || !field.options.length ? [] : [field.options[0]];
    const before = (usual.length ? usual : first).map((each) => each.value);
    return JSON.stringify(before) !== JSON.stringify(chosen(field).map(([value]) => value));
  }

  // The two copies

  function* names(storage) {
    for (const name of Object.keys(storage)) if (name.startsWith("typed:")) yield name;
  }
  function read(storage, name) {
    try {
      const found = JSON.parse(storage.getItem(name));
      return found && Date.now() - found.at < DAY ? found : null;
    } catch { return null; }
  }
  function write(storage, name, value) {
    try { storage.setItem(name, JSON.stringify(value)); } catch { /* full, or forbidden here */ }
  }
  function forget(name) {
    sessionStorage.removeItem(name);
    localStorage.removeItem(name);
  }
  function tidy() { // what is too old; and in this tab what another officer typed
    for (const name of [...names(localStorage)]) if (!read(localStorage, name)) localStorage.removeItem(name);
    for (const name of [...names(sessionStorage)]) {
      if (!read(sessionStorage, name) || (told() && !name.startsWith(begin()))) sessionStorage.removeItem(name);
    }
  }

  let answered; // the server's answer to who is signed in, for this page
  async function ask() {
    const answer = await fetch(told().dataset.ask, {
      credentials: "same-origin", cache: "no-store", headers: { "X-By-Itself": "1" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.redirected) return { over: true };
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }
  async function keyOf() { // null where the browser or the server gives none
    if (!crypto.subtle) return null;
    answered ??= ask().then(async (who) => String(who.officer) !== told().dataset.officer ? null
      : { now: who.now - Date.now(), key: await crypto.subtle.importKey(
        "raw", Uint8Array.from(atob(who.key), (each) => each.charCodeAt(0)), "AES-GCM", false, ["encrypt", "decrypt"]) });
    try { return await answered; } catch { answered = undefined; return null; }
  }
  const text64 = (bytes) => btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));
  const bytes64 = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  async function seal(name) {
    const found = await keyOf();
    if (!found || !sessionStorage.getItem(name)) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const kept = read(sessionStorage, name);
    kept.offset = found.now;
    write(sessionStorage, name, kept);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, found.key, new TextEncoder().encode(JSON.stringify(kept)));
    if (read(sessionStorage, name)?.at !== kept.at) return; // more was typed, or it was sent
    write(localStorage, name, { at: kept.at, iv: text64(iv), sealed: text64(new Uint8Array(sealed)) });
  }
  async function unseal(name) {
    const kept = read(localStorage, name);
    const found = kept && await keyOf();
    if (!found) return null;
    try {
      const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes64(kept.iv) }, found.key, bytes64(kept.sealed));
      return JSON.parse(new TextDecoder().decode(open));
    } catch { return null; } // of another key
  }

  function keep(form) {
    const name = nameOf(form);
    const before = read(sessionStorage, name)?.fields ?? {};
    const fields = {};
    for (const [id, field] of fieldsOf(form)) if (isChanged(field) || id in before) fields[id] = valueOf(field);
    ids.delete(form);
    if (![...fieldsOf(form)].some(([, field]) => isChanged(field))) { forget(name); dirty.delete(form); return; }
    const offset = read(sessionStorage, name)?.offset ?? 0;
    write(sessionStorage, name, { at: Date.now(), offset, fields, title: document.title.split("|")[0].trim(), address: location.pathname + location.search });
    dirty.add(form);
    seal(name);
  }

  // Giving it back

  function put(field, value) {
    if (field.matches("select")) {
      const wanted = new Set(value.map(([each]) => each));
      for (const [each, text] of value) if (![...field.options].some((option) => option.value === each)) field.add(new Option(text, each));
      for (const option of field.options) option.selected = wanted.has(option.value);
    } else if (field.type === "checkbox" || field.type === "radio") field.checked = value;
    else field.value = value;
  }
  async function restore(form) {
    if (given.has(form) || !isKept(form)) return;
    given.add(form);
    const name = nameOf(form);
    const kept = read(sessionStorage, name) ?? await unseal(name);
    if (!kept || !form.isConnected) return;
    grow(form, kept);
    const back = [...fieldsOf(form)].filter(([id, field]) => id in kept.fields && JSON.stringify(valueOf(field)) !== JSON.stringify(kept.fields[id]));
    for (const [id, field] of back) put(field, kept.fields[id]);
    write(sessionStorage, name, kept);
    if (!back.length) return; // just refused: the server has given it back
    for (const [, field] of back) field.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "given back" }));
    note(form, name, kept);
  }
  function grow(form, kept) { // as many rows as there were (workbench/static/workbench/rows.js)
    if (!form.querySelector("[data-rows] > template")) return;
    const numbers = Object.keys(kept.fields).map((id) => Number(/^lines[-_](\d+)[-_]/.exec(id)?.[1] ?? 0));
    while (rows.of(form).length <= Math.max(...numbers)) rows.add(form);
  }
  const time = (kept) => new Intl.DateTimeFormat(document.documentElement.lang, {
    month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai",
  }).format(new Date(kept.at + (kept.offset ?? 0))).replace("日 ", "日");
  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "z-link";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }
  function message(kind, role, ...parts) {
    const made = document.createElement("p");
    made.className = `z-message z-typed ${kind}`;
    made.setAttribute("role", role);
    made.append(...parts);
    return made;
  }
  function unfold(folded) { // the ticket's page opens its forms by their buttons
    if (folded.matches("details")) folded.open = true;
    else document.querySelector(`[data-do="${folded.id.slice(3)}"]`)?.click();
  }
  function note(form, name, kept) {
    const words = told().dataset;
    const folded = form.closest("details:not([open]), .z-do:not(.z-open)");
    const said = message("z-warning", "status", words.restored.replace("{when}", time(kept)));
    if (folded) {
      said.prepend(`${folded.ariaLabel ?? folded.querySelector("summary").firstChild.textContent.trim()}：`);
      said.append(" · ", button(words.unfold, () => { unfold(folded); form.querySelector("textarea, select, input:not([type=hidden])")?.focus(); }));
    }
    said.append(" · ", button(words.drop, () => {
      form.reset();
      for (const [, field] of fieldsOf(form)) field.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "given back" }));
      forget(name);
      dirty.delete(form);
      said.remove();
    }));
    if (folded) (document.querySelector(".z-page") ?? form.parentElement).prepend(said);
    else form.prepend(said);
  }
  async function list() { // on the first page: what was begun elsewhere and not sent
    const page = document.querySelector("#today, .z-page");
    if (!told() || location.pathname !== "/admin/" || !page) return;
    const found = [];
    for (const name of new Set([...names(sessionStorage), ...names(localStorage)])) {
      if (!name.startsWith(begin())) continue;
      const kept = read(sessionStorage, name) ?? await unseal(name);
      if (kept) found.push([name, kept]);
    }
    if (!found.length) return;
    const said = message("z-warning", "status", told().dataset.waits);
    for (const [name, kept] of found.sort(([, a], [, b]) => b.at - a.at)) {
      const link = document.createElement("a");
      link.className = "z-link";
      link.href = kept.address;
      link.textContent = `${kept.title}（${time(kept)}）`;
      const item = document.createElement("span");
      item.append(" ", link, " · ", button(told().dataset.drop, () => { forget(name); item.remove(); if (!said.querySelector("a")) said.remove(); }));
      said.append(document.createElement("br"), item);
    }
    page.prepend(said);
  }

  // Sending

  function settle() { // the server names in a cookie the form that it has done
    const done = document.cookie.match(/(?:^|; )typed_done=([0-9a-f]{32})/)?.[1];
    let sent;
    try { sent = JSON.parse(sessionStorage.getItem("sent")) ?? {}; } catch { sent = {}; }
    if (!done || !(done in sent)) return;
    forget(sent[done]);
    delete sent[done];
    sessionStorage.setItem("sent", JSON.stringify(sent));
    for (const form of dirty) if (!form.isConnected || ids.get(form) === done) dirty.delete(form);
  }
  function identify(form) {
    if (!ids.has(form)) ids.set(form, Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join(""));
    const name = nameOf(form);
    const kept = read(sessionStorage, name);
    if (kept) { // sent again after no answer came, it has the same id
      kept.sent ??= ids.get(form);
      ids.set(form, kept.sent);
      write(sessionStorage, name, kept);
      seal(name);
    }
    let field = form.querySelector("input[name=typed_id]");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "typed_id";
      form.append(field);
    }
    field.value = ids.get(form);
    write(sessionStorage, "sent", { [ids.get(form)]: name });
  }
  function refuse(form, submitter, words, link) {
    form.querySelectorAll(".z-typed[role=alert]").forEach((each) => each.remove());
    const said = message("z-error", "alert", words);
    if (link) {
      const again = document.createElement("a");
      again.className = "z-link";
      again.href = location.pathname + location.search;
      again.textContent = link;
      again.addEventListener("click", () => { leaving = true; });
      said.append(" ", again);
    }
    const place = submitter?.closest("p, div");
    if (place && place !== form && form.contains(place)) place.before(said);
    else if (submitter && form.contains(submitter)) submitter.before(said);
    else form.append(said);
    said.scrollIntoView({ block: "nearest" });
  }
  async function sendIfAnswered(form, submitter) {
    asking.add(form);
    const words = told().dataset;
    try {
      const who = await ask();
      if (who.over) { refuse(form, submitter, words.over, words.again); return; }
      if (String(who.officer) !== words.officer) { refuse(form, submitter, words.other, words.reload); return; }
      for (const token of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) token.value = who.token;
      form.querySelectorAll(".z-typed[role=alert]").forEach((each) => each.remove());
      identify(form);
      passing.add(form);
      form.requestSubmit(submitter);
    } catch { refuse(form, submitter, words.away); } finally { asking.delete(form); }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (told() && target(form).pathname === told().dataset.out) { // signing out
      for (const storage of [sessionStorage, localStorage])
        for (const name of [...names(storage)]) if (name.startsWith(begin())) storage.removeItem(name);
      leaving = true;
      return;
    }
    if (!isKept(form)) return;
    if (passing.delete(form)) {
      setTimeout(() => {
        if (event.defaultPrevented) return; // answered in place
        leaving = true;
        asking.add(form); // a second click does nothing
        setTimeout(() => { leaving = false; asking.delete(form); }, PATIENCE); // a file was sent back
      });
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!asking.has(form)) sendIfAnswered(form, event.submitter ?? undefined);
  }, true);

  document.addEventListener("reset", (event) => { // given up
    if (!isKept(event.target)) return;
    forget(nameOf(event.target));
    dirty.delete(event.target);
  });
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form && event.detail !== "given back" && event.target.matches(FIELDS) && isKept(form)) keep(form);
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && [...dirty].some((form) => form.isConnected)) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });

  function look() {
    settle();
    if (told()) for (const form of document.forms) restore(form);
  }
  document.addEventListener("DOMContentLoaded", () => {
    tidy();
    look();
    list();
    const waits = document.getElementById("typed-waits"); // on the sign-in page
    if (waits) waits.hidden = names(sessionStorage).next().done;
    let waiting = false;
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => { waiting = false; look(); });
    }).observe(document.body, { childList: true, subtree: true });
  });
})();

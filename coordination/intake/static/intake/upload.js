// The clerk's page: the key stays in its box, the file in this page's memory; neither is stored.
"use strict";

const at = (id) => document.getElementById(id);
const page = at("upload");
const COMMA = document.documentElement.lang.startsWith("zh") ? "、" : ", "; // in lists
const WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
let once = ""; // made when a file is chosen: however often it is sent, it is filed once
let goodRows = false;
let shown = ""; // what the trial showed, in short: nothing else is filed
let turn = 0; // an answer to a file that is no longer chosen is not shown

class Answered extends Error {} // nothing was filed
class Refused extends Answered {} // sent again as it is, it would be refused again
class Busy extends Answered {} // sent again as it is, it may be filed
const BUSY = new Set([409, 429, 500, 503]); // what their problems say is for programs
const MOST_TRIES = 15; // while others' files are being read

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(text) {
  at("said").textContent = text;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

function show(...ids) {
  for (const id of ["errors", "notices", "tickets", "numbers", "file-all", "file-good", "again", "result"])
    at(id).hidden = !ids.includes(id);
}

function rows(table, lines) {
  const body = at(table).querySelector("tbody");
  body.replaceChildren(...lines.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells.map((text) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      return cell;
    }));
    return row;
  }));
}

function key() {
  const typed = at("key").value.trim();
  if (!/^[\x21-\x7e]+$/.test(typed)) throw new Refused(page.dataset.keyWrong); // in no header
  return typed;
}

function ranges(numbers) { // 3, 4, 5, 9 are 3–5, 9
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(COMMA);
}

async function send(what = {}) {
  const mine = turn;
  for (let tried = 1; ; tried += 1) {
    const answer = await sendOnce(what);
    if (answer.ok) return answer;
    const wait = Number(answer.headers.get("Retry-After"));
    if (answer.status !== 503 || !wait || tried === MOST_TRIES || mine !== turn)
      return refuse(answer);
    say(page.dataset.wait);
    await new Promise((then) => setTimeout(then, 1000 * (wait + Math.random())));
  }
}

async function refuse(answer) {
  if (BUSY.has(answer.status)) throw new Busy(page.dataset.busy);
  const problem = await answer.json();
  const details = (problem.errors || []).map((each) => each.detail);
  throw new Refused([problem.detail || problem.title, ...details].join("\n"));
}

function sendOnce({ trial = false, accept = "application/json" }) {
  const form = new FormData();
  form.append("kind", at("kind").value);
  if (!trial) {
    form.append("good_rows", String(goodRows));
    form.append("shown", shown);
  }
  form.append("file", at("file").files[0]);
  return fetch(page.dataset.address + (trial ? "?dry_run=1" : ""), {
    method: "POST", body: form, credentials: "omit", cache: "no-store",
    headers: {
      "Authorization": `Bearer ${key()}`, "Accept": accept,
      "Accept-Language": document.documentElement.lang,
      "Idempotency-Key": trial ? `${once}-trial` : once,
    },
  });
}

function pointed(error) {
  return [error.cell || fill(page.dataset.row, error), error.heading, error.detail];
}

function named(place) { // 5:9 and H:H, as Excel writes rows and columns, in words
  const [, first, last] = /^(\w+):(\w+)$/.exec(place) || [];
  const range = first === last ? first : `${first}–${last}`;
  if (/^\d+$/.test(first)) return fill(page.dataset.row, { row: range });
  return /^[A-Z]+$/.test(first) ? fill(page.dataset.column, { column: range }) : place;
}

function told(notice) {
  const place = notice.place ? notice.place.split(", ").map(named).join(COMMA) : notice.sheet;
  return [place, notice.left_out ? fill(page.dataset.leftOut, notice) : notice.detail];
}

function showTrial(found) {
  shown = found.shown;
  rows("errors", found.errors.map(pointed));
  rows("notices", found.notices.map(told));
  rows("tickets", found.results.filter((each) => each.is_right)
    .map((each) => [ranges(each.rows), each.project, each.title]));
  const wrong = found.errors.length > 0;
  const said = [fill(wrong ? page.dataset.right : page.dataset.allRight, found)];
  if (found.notices.some((each) => each.left_out)) said.push(page.dataset.lostRows);
  if (found.notices.some((each) => each.must_be_seen && !each.left_out)) said.push(page.dataset.twice);
  say(said.join("\n"));
  const parts = [...(wrong ? ["errors", "again"] : []), ...(found.right ? ["tickets"] : [])];
  if (found.notices.length) parts.push("notices");
  if (found.right) parts.push(wrong ? "file-good" : "file-all");
  show(...parts);
}

function showFiled(found) {
  say(fill(page.dataset.filed, found));
  rows("errors", found.errors.map(pointed));
  rows("numbers", found.results.filter((each) => each.number)
    .map((each) => [ranges(each.rows), each.number]));
  show("numbers", "result", ...(found.errors.length ? ["errors"] : []));
}

function sayWrong(error) {
  say(error instanceof Answered ? error.message : page.dataset.lost);
}

async function attempt(doing, act, otherwise) {
  const mine = ++turn;
  say(doing);
  try {
    const shown = await act();
    if (mine === turn) shown();
  } catch (error) {
    if (mine !== turn) return;
    sayWrong(error);
    show(error instanceof Refused ? "again" : otherwise); // otherwise under the same key
  }
}

function check() {
  show();
  const [file] = at("file").files;
  if (!file) return say("");
  if (!at("key").value.trim()) { show("again"); return say(page.dataset.keyFirst); }
  if (file.size > 2 * 1024 * 1024) return say(page.dataset.tooLarge);
  goodRows = false;
  return attempt(page.dataset.checking, async () => {
    const found = await (await send({ trial: true })).json();
    return () => showTrial(found);
  }, "again");
}

function file(some) {
  goodRows = some;
  show();
  return attempt(page.dataset.filing, async () => {
    const found = await (await send()).json();
    return () => showFiled(found);
  }, some ? "file-good" : "file-all");
}

function chosen() {
  once = freshKey();
  return check();
}

async function download() {
  const answer = await send({ accept: WORKBOOK }); // asked again, it gives the same answer
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = "result.xlsx";
  link.click();
  URL.revokeObjectURL(link.href);
}

at("kind").addEventListener("change", () => {
  at("template").href = at("kind").selectedOptions[0].dataset.template;
  chosen();
});
at("file").addEventListener("change", chosen);
at("again").addEventListener("click", chosen);
at("file-all").addEventListener("click", () => file(false));
at("file-good").addEventListener("click", () => file(true));
at("result").addEventListener("click", () => download().catch(sayWrong));

// Suggestions for a box that names one row of many, in the browser's own list.
// Listens on the page, so that a form which is drawn later has them too.
"use strict";

const suggest = {
  latest: new WeakMap(),

  listOf(box) {
    if (!box.list) {
      const list = document.createElement("datalist");
      list.id = `${box.id}-suggested`;
      box.after(list);
      box.setAttribute("list", list.id);
    }
    return box.list;
  },

  async ask(box) {
    const mine = (suggest.latest.get(box) ?? 0) + 1;
    suggest.latest.set(box, mine);
    const address = new URL(box.dataset.suggest, location.href);
    address.searchParams.set("q", box.value);
    const beside = box.form?.elements.namedItem(box.dataset.beside ?? "");
    if (beside) address.searchParams.set("beside", beside.value);
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok || suggest.latest.get(box) !== mine) return;
    const { found } = await answer.json();
    suggest.listOf(box).replaceChildren(...found.map((each) => new Option(each, each)));
  },
};

document.addEventListener("focusin", (event) => {
  if (event.target.matches("input[data-suggest]")) suggest.ask(event.target);
});
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches("input[data-suggest]")) return;
  clearTimeout(box.suggesting);
  box.suggesting = setTimeout(() => suggest.ask(box), 150);
});

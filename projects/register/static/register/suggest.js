// Suggestions for a box that names one row of many, in the browser's own list.
"use strict";

for (const box of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `${box.id}-suggested`;
  box.after(list);
  box.setAttribute("list", list.id);
  let waiting;
  let latest = 0;

  const ask = async () => {
    const mine = ++latest;
    const address = new URL(box.dataset.suggest, location.href);
    address.searchParams.set("q", box.value);
    const beside = box.form.elements.namedItem(box.dataset.beside ?? "");
    if (beside) address.searchParams.set("beside", beside.value);
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok || mine !== latest) return;
    const { found } = await answer.json();
    list.replaceChildren(...found.map((each) => new Option(each, each)));
  };

  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
  box.addEventListener("focus", ask);
}

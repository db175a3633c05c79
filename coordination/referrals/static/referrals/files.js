// Files that are too many or too large need not be sent to be refused: said at once, beside the field.
"use strict";

document.addEventListener("change", (event) => {
  const field = event.target.closest("input[type=file][data-largest]");
  if (!field) return;
  const beside = field.parentElement;
  beside.querySelectorAll(".wrong").forEach((each) => each.remove());
  field.removeAttribute("aria-invalid");
  const files = [...field.files];
  const size = files.reduce((sum, each) => sum + each.size, 0);
  const wrong = files.length > Number(field.dataset.most) ? field.dataset.tooMany
    : size > Number(field.dataset.largest) ? field.dataset.tooLarge : "";
  if (!wrong) return;
  field.value = "";
  field.setAttribute("aria-invalid", "true");
  const said = document.createElement("p");
  said.className = "wrong";
  said.role = "alert";
  said.textContent = wrong;
  beside.append(said);
});

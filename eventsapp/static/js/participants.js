// Add and remove people on the registration form without a round trip; the buttons also work as plain submits.
const list = document.querySelector("[data-participants]");
const most = Number(list?.dataset.most ?? 20);
const blocks = () => [...list.querySelectorAll(".participant")];

function removeButton() {
  const button = document.createElement("button");
  const words = document.documentElement.lang === "en" ? "Remove" : "Retirer";
  Object.assign(button, { className: "as-link", name: "remove_attendee", textContent: words, formNoValidate: true });
  button.dataset.remove = "";
  return button;
}

function renumber() {
  const all = blocks();
  all.forEach((block, index) => {
    for (const element of [block, ...block.querySelectorAll("*")]) {
      for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replaceAll(/attendees-\d+/g, `attendees-${index}`));
      }
    }
    block.querySelector("[data-number]").textContent = index + 1;
    let remove = block.querySelector("[data-remove]");
    if (!remove) block.querySelector(".participant-head").append((remove = removeButton()));
    remove.value = index;
    remove.hidden = all.length === 1;
  });
  list.querySelector("[data-copy-first]").hidden = all.length === 1;
  list.querySelector("[data-add]").hidden = all.length >= most;
}

function add() {
  const last = blocks().at(-1);
  const block = last.cloneNode(true);
  for (const told of block.querySelectorAll(".error-text, [data-kept]")) told.remove();
  for (const control of block.querySelectorAll("input, select, textarea")) {
    control.removeAttribute("aria-invalid");
    // Whoever leaves one person to be named does so for the next one too.
    if (control.name.endsWith("-name_later")) control.checked = last.querySelector(`[name="${control.name}"]`).checked;
    else if (control.type === "checkbox" || control.type === "radio") control.checked = false;
    else if (control.tagName === "SELECT") control.value = last.querySelector(`[name="${control.name}"]`).value;
    else control.value = "";
  }
  last.after(block);
  return block;
}

list?.addEventListener("click", (event) => {
  const control = event.target.closest("[data-add], [data-remove]");
  if (!control) return;
  event.preventDefault();
  const adds = control.matches("[data-add]");
  const block = adds ? add() : control.closest(".participant");
  if (!adds) block.remove();
  renumber();
  (adds ? block : blocks().at(-1)).querySelector("input:not([type=hidden], [type=checkbox])").focus();
  list.dispatchEvent(new Event("change", { bubbles: true }));
});
if (list) renumber();

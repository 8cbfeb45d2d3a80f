// Add and remove people on the registration form without a round trip; the buttons also work as plain submits.
const list = document.querySelector("[data-participants]");

const blocks = () => [...list.querySelectorAll(".participant")];
const most = Number(list?.dataset.most ?? 20);

function renumber() {
  blocks().forEach((block, index) => {
    for (const element of [block, ...block.querySelectorAll("*")]) {
      for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replaceAll(/attendees-\d+/g, `attendees-${index}`));
      }
    }
    block.querySelector("[data-number]").textContent = index + 1;
    block.querySelector("[data-remove]").value = index;
    block.querySelector("[data-remove]").hidden = blocks().length === 1;
  });
  list.querySelector("[data-add]").hidden = blocks().length >= most;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function add() {
  const last = blocks().at(-1);
  const block = last.cloneNode(true);
  for (const error of block.querySelectorAll(".error-text")) error.remove();
  for (const control of block.querySelectorAll("input, select, textarea")) {
    control.removeAttribute("aria-invalid");
    if (control.type === "checkbox" || control.type === "radio") control.checked = false;
    else if (control.tagName === "SELECT") control.value = last.querySelector(`[name="${control.name}"]`).value;
    else control.value = "";
  }
  last.after(block);
  renumber();
  block.querySelector("input:not([type=hidden])").focus();
}

list?.addEventListener("click", (event) => {
  const control = event.target.closest("[data-add], [data-remove]");
  if (!control) return;
  event.preventDefault();
  if (control.matches("[data-add]")) return add();
  control.closest(".participant").remove();
  renumber();
  blocks().at(-1).querySelector("input").focus();
});
if (list) {
  for (const block of blocks()) block.querySelector("[data-remove]").hidden = blocks().length === 1;
}

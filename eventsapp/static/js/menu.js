// The menu on phones opens and closes in place; without this module the links to #menu and #top do it.
const header = document.querySelector(".masthead, .office-bar");
const menu = document.getElementById("menu");
const open = header?.querySelector(".menu-open");
const close = header?.querySelector(".menu-close");

function show(shown) {
  menu.classList.toggle("open", shown);
  (shown ? close : open).focus();
}

if (menu && open && close) {
  for (const [control, shown] of [[open, true], [close, false]]) {
    control.setAttribute("role", "button");
    control.addEventListener("click", (event) => {
      event.preventDefault();
      show(shown);
    });
    control.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      show(shown);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.classList.contains("open")) show(false);
  });
}

// One open filter at a time; a click beside it or Escape closes it.
const filters = document.querySelectorAll("details.chip");
document.addEventListener("click", (event) => {
  for (const filter of filters) if (!filter.contains(event.target)) filter.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const filter of filters) {
    if (!filter.open) continue;
    filter.open = false;
    filter.querySelector("summary").focus();
  }
});

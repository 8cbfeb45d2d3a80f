// While an article is open in the editor: say so, keep what is typed, and show who else is there.
const EVERY = 15000;
const WORDS = ["title", "subtitle", "lead", "body", "byline", "version", "csrf_token"];
const form = document.querySelector("[data-at-work]");
const place = document.getElementById("at-work");
let saving = false;
// Nothing typed since the page came: then there is nothing to keep, and nothing kept earlier to throw away.
let typed = false;

async function tell() {
  const body = new FormData();
  for (const name of WORDS) {
    const field = form.elements[name];
    if (field) body.set(name, (field.length && !field.tagName ? field[0] : field).value);
  }
  if (typed) body.set("typed", "1");
  try {
    const answer = await fetch(form.dataset.atWork, { method: "POST", body });
    if (answer.ok && !saving) place.innerHTML = await answer.text();
  } catch {
    // No network for a moment: the next time keeps what is typed by then.
  }
}

if (form) {
  form.addEventListener("submit", () => (saving = true));
  // Until a draft kept earlier is taken up or thrown away, nothing replaces it.
  form.addEventListener("input", () => (typed = !("undecided" in form.dataset)));
  tell();
  setInterval(() => saving || document.hidden || tell(), EVERY);
}

// Show the Markdown as it will be read, beside the field, half a second after the last key.
for (const field of document.querySelectorAll("[data-preview]")) {
  const pane = document.getElementById(field.dataset.pane);
  const token = field.form.querySelector("[name=csrf_token]")?.value ?? "";
  // What stands above the text, by the names of its fields.
  const above = (field.dataset.previewWith ?? "").split(" ").filter(Boolean).map((name) => field.form.elements[name]);
  let timer;
  let turn = 0;

  const show = async () => {
    const mine = ++turn;
    const body = new FormData();
    body.set("text", field.value);
    for (const other of above) body.set(other.name, other.value);
    body.set("csrf_token", token);
    try {
      const answer = await fetch(field.dataset.preview, { method: "POST", body });
      if (answer.ok && mine === turn) pane.innerHTML = await answer.text();
    } catch {
      // No network: the last preview stays.
    }
  };

  for (const typed of [field, ...above]) {
    typed.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(show, 500);
    });
  }
}

// Keep what the form comes to true beside it: on a change, or on each key with data-on="input", send the form to the
// region's address and show the HTML it answers.
const region = document.querySelector("[data-summary]");
const form = region && document.getElementById(region.dataset.for);
let timer;
let running;

async function refresh() {
  running?.abort();
  running = new AbortController();
  region.setAttribute("aria-busy", "true");
  try {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    const answer = await fetch(region.dataset.summary, { method: "POST", body: fields, signal: running.signal });
    if (!answer.ok) return;
    region.innerHTML = await answer.text();
    const total = region.querySelector("[data-total]")?.dataset.total;
    if (total) for (const place of document.querySelectorAll("[data-total-here]")) place.textContent = total;
  } catch {
    // A later change, or no network: the amount is computed again when the form is sent.
  } finally {
    region.removeAttribute("aria-busy");
  }
}

form?.addEventListener(region.dataset.on ?? "change", () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, 250);
});

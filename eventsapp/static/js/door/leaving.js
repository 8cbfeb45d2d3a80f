// Signing out forgets what a door kept on this phone: hand over first, or say what would be lost.
const form = document.querySelector("[data-sign-out]");
const told = form.querySelector("[data-told]");
const button = form.querySelector("button");
const PATIENCE = 6000;
let isSure = false;

async function handOver() {
  // Where nothing can be kept, nothing is; a browser that cannot say what it keeps is asked for it.
  if (!window.indexedDB) return 0;
  if (indexedDB.databases && !(await indexedDB.databases()).some(({ name }) => name === "door")) return 0;
  const { openStore, told: asTold } = await import(form.dataset.store);
  const store = await openStore("");
  const scans = await store.queuedAnywhere();
  for (const day of new Set(scans.map((scan) => scan.day))) {
    const ofDay = scans.filter((scan) => scan.day === day).sort((one, other) => one.at.localeCompare(other.at));
    for (let first = 0; first < ofDay.length; first += 100) await post(store, day, ofDay.slice(first, first + 100), asTold).catch(() => {});
  }
  return (await store.queuedAnywhere()).length;
}

async function post(store, day, some, asTold) {
  const base = `/organisation/journees/${encodeURIComponent(day)}/accueil/`;
  const asked = { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) };
  const { csrf } = await (await fetch(`${base}liste.json`, asked)).json();
  const scans = (await store.leaving(some.map(({ key }) => key))).map(asTold);
  if (!scans.length) return;
  const answer = await fetch(`${base}passages`, {
    ...asked,
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ scans }),
  });
  if (!answer.ok) return;
  // What was refused meanwhile is kept at the site, among the passages to look at.
  await store.unqueue((await answer.json()).results.map(({ key }) => key));
}

form.addEventListener("submit", async (event) => {
  if (isSure) return;
  event.preventDefault();
  button.disabled = true;
  const left = await handOver().catch(() => null);
  button.disabled = false;
  isSure = true;
  if (left === 0) return form.requestSubmit();
  told.textContent = left === null ? form.dataset.sayUnknown : (left === 1 ? form.dataset.sayOne : form.dataset.sayMany).replace("{n}", left);
  told.hidden = false;
  button.textContent = form.dataset.sayAnyway;
  button.focus();
});

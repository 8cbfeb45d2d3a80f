// The door, with or without the network. Without this script the page is plain forms, and works.
const root = document.querySelector("[data-door]");
const { base, zone, dates } = root.dataset;
// The page kept for later may be older than the name that somebody gave this door since.
const CALLED = "door-called";
if (!("shell" in root.dataset)) localStorage.setItem(CALLED, root.dataset.device);
// The door of a day that is over lets nobody in and takes no entry back: people are only looked for.
const isPast = "past" in root.dataset;
const device = localStorage.getItem(CALLED) ?? root.dataset.device;
const say = (word, values = {}) =>
  (root.dataset[`say${word}`] ?? "")
    // « de Agnès » is « d’Agnès », as everywhere else (core/french.py).
    .replace(/\bde \{(\w+)\}/g, (all, name) => (/^(?!ou[aeéi]|y[aeiou])[aàâeéèêiîoôuyœ]/i.test(values[name]) ? `d’{${name}}` : all))
    .replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const find = (selector, within = root) => within.querySelector(selector);

const PATIENCE = 6000;
const EVERY = 15000;
const SHORTEST_CODE = 16;

const field = find("#code");
const result = find("[data-result]");
let store;
let asTold;
let search;
let entries;
let token = "";
// Which list of the site this phone keeps, as far as nothing was done to it here since.
let version = "";
let isOffline = false;
let isSignedOut = false;
let turn = Promise.resolve();
// What the site said of each scan that somebody waits for: a hand-over also takes what was scanned before its turn.
const answers = new Map();
// Whose entry stands on the card that is shown, each as it was answered last.
let onCard = [];

// --- The site ---

class SignedOut extends Error {}
class Refused extends Error {
  constructor(told) {
    super(told.title);
    this.told = told;
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(base + path, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options });
  if (answer.status === 304) return null;
  if (answer.redirected || answer.status === 401 || answer.status === 403) throw new SignedOut();
  if (answer.status >= 400 && answer.status < 500) throw new Refused(await problem(answer));
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

// What the site says of a refusal, in its words; a page for people says nothing to this script.
async function problem(answer) {
  const isTold = answer.headers.get("Content-Type")?.includes("json");
  return isTold ? answer.json().catch(() => ({})) : {};
}

async function refresh() {
  const list = await ask("liste.json", { headers: version ? { "If-None-Match": `"${version}"` } : {} });
  if (!list) return;
  token = list.csrf;
  await store.replace(list);
  version = list.version;
  drawCurve(list.curve);
}

async function send(scans) {
  const body = JSON.stringify({ scans: scans.map(asTold) });
  const post = () => ask("passages", { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body });
  if (!token) await refresh();
  try {
    return (await post()).results;
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    // The form's token is too old, or one scan is at fault and must not hold the others.
    version = "";
    await refresh();
    if (scans.length === 1) return (await post().catch(hopeless(scans[0]))).results;
    return (await Promise.all(scans.map((scan) => send([scan])))).flat();
  }
}

const hopeless = (scan) => (refusal) => {
  if (!(refusal instanceof Refused)) throw refusal;
  const { title = say("Refused"), detail = "" } = refusal.told;
  return { results: [{ key: scan.key, outcome: "refused", name: "", title, detail, others: [] }] };
};

// What waits has no name of its own: the list has it, as long as it is kept.
const nameOf = async ({ id }) => (id && (await store.ticket(id))?.name) || "";

// One after the other: what was scanned first is handed over first.
const handOver = () => (turn = turn.then(handOverNow, handOverNow));

async function handOverNow() {
  const scans = (await store.queued()).sort((one, other) => one.at.localeCompare(other.at));
  try {
    // While there seems to be no network nothing leaves: what then is taken back here, the site need not hear of.
    if (!scans.length || isOffline || isSignedOut || !navigator.onLine) await refresh();
    for (let first = 0; first < scans.length; first += 100) {
      const some = await store.leaving(scans.slice(first, first + 100).map(({ key }) => key));
      if (!some.length) continue;
      for (const answer of await send(some)) {
        const scan = some.find(({ key }) => key === answer.key);
        if (answers.has(answer.key)) answers.set(answer.key, answer);
        if (answer.at && answer.seat) await store.arrived(answer.seat, answer.at, answer.outcome === "admitted" ? answer.key : undefined);
        if (answer.outcome === "undone" || (answer.outcome === "day_over" && !scan?.undo)) await store.arrived(answer.seat, null);
        const hoped = scan?.undo ? "undone" : "admitted";
        if (scan?.shown) {
          const told = { ...answer, name: answer.name || (await nameOf(scan)) };
          if (!scan.undo) follow(told);
          if (answer.outcome !== hoped) {
            if (!scan.undo) entries.gone(scan.id);
            await store.addConflict(told);
          }
        }
        await store.unqueue([answer.key]);
      }
    }
    isOffline = isSignedOut = false;
  } catch (problem) {
    isSignedOut = problem instanceof SignedOut;
    isOffline = !isSignedOut;
  }
  // What was noted here of these may be otherwise at the site: the next list is asked for whole.
  if (scans.length) version = "";
  await showState();
}

async function handedOver(item) {
  answers.set(item.key, null);
  await store.queue(item);
  await handOver();
  const answer = answers.get(item.key);
  answers.delete(item.key);
  return answer;
}

// --- Letting in ---

async function admit({ code = "", id = null }) {
  const known = id ? await store.ticket(id) : await store.byHash(await digest(codeIn(code)));
  const scan = { key: crypto.randomUUID(), code, seat: id, id: known?.id, at: new Date().toISOString(), device };
  const answer = await handedOver(scan);
  if (answer) return show(answer);
  if (!known || isIn(known)) {
    await store.unqueue([scan.key]);
    await showState();
    return show(
      known
        ? { ...shown(known), title: say("Already"), detail: say("AlreadyAt", { at: hour(known.at) }) }
        : { outcome: "unknown", title: say("Unknown"), detail: say("UnknownDetail") },
    );
  }
  await store.show(scan, true);
  await store.arrived(known.id, scan.at, scan.key);
  await showState();
  const others = (await store.tickets()).filter((one) => one.order === known.order && !isIn(one) && one.id !== known.id);
  return show({ ...shown(known), outcome: "admitted", waits: true, title: say("OfflineEntry"), at: scan.at, key: scan.key, others });
}

// On each date of a day that lasts several a ticket opens the door once.
const dateOf = (moment) => new Date(moment).toLocaleDateString("fr-CA", { timeZone: zone });
const isIn = ({ at }) => Boolean(at) && (dates === "1" || dateOf(at) === dateOf(Date.now()));

const shown = ({ id, name, rate, payer }) => ({ outcome: "already", seat: id, name, rate, payer, others: [] });

async function admitAll(first, people) {
  const answers = [];
  for (const { id } of people) answers.push(await admit({ id }));
  drawGroup([first, ...answers]);
  field.focus({ preventScroll: true });
}

// A scan that never left this phone is forgotten. Else by its key, and after it: whether the site has heard of it or not,
// it takes back the same admission.
async function undo({ key, seat, name }) {
  const isForgotten = await store.cancel(key);
  const scan = (await store.queued()).find((queued) => queued.key === key);
  // Nobody went in: whatever the site says of it is nothing to look at.
  if (scan) await store.show(scan, false);
  await store.arrived(seat, null);
  onCard = onCard.filter((one) => one.key !== key);
  if (isForgotten) {
    // What the site knew of this person before is read again.
    version = "";
    return showUndone(seat, name);
  }
  const item = { key: crypto.randomUUID(), undo: key, seat, id: seat, at: new Date().toISOString(), device, shown: true };
  const answer = await handedOver(item);
  if (answer && answer.outcome !== "undone") return show(answer);
  return showUndone(seat, name);
}

function showUndone(seat, name) {
  entries.gone(seat);
  result.replaceChildren(Object.assign(document.createElement("p"), { className: "door-undone", textContent: say("Undone", { name }) }));
  field.focus({ preventScroll: true });
  return showState();
}

async function digest(code) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const codeIn = (text) => text.trim().split("?")[0].replace(/\/+$/, "").split("/").pop();

// An absence is the site’s to know: it is taken back there, or not at all.
async function noteAbsence({ id }, absent) {
  const body = JSON.stringify({ seat: id, absent });
  try {
    await ask("absences", { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body });
  } catch (problem) {
    return show({ outcome: "unknown", title: say("Absence"), detail: problem instanceof Refused ? say("Refused") : say("Network") });
  }
  version = "";
  return store.absent(id, absent);
}

// --- What is shown ---

const copy = (name) => find(`[data-template="${name}"]`).content.firstElementChild.cloneNode(true);

function hour(moment) {
  const at = new Date(moment).toLocaleTimeString("fr", { hour: "numeric", minute: "2-digit", timeZone: zone });
  const [hours, minutes] = at.split(":");
  return document.documentElement.lang === "fr" ? `${Number(hours)}\u00a0h\u00a0${minutes}` : at;
}

function show(answer) {
  const came = answer.outcome === "admitted";
  draw(answer);
  if (came) entries.came(answer);
  signal(came);
  field.focus({ preventScroll: true });
  return answer;
}

function draw(answer) {
  const came = answer.outcome === "admitted";
  const card = copy("answer");
  card.classList.add(came ? "good" : "bad");
  card.dataset.outcome = answer.outcome;
  find("[data-mark]", card).textContent = came ? "✓" : "✕";
  find("[data-title]", card).textContent = answer.title || say("Entry");
  find("[data-name]", card).textContent = answer.name ?? "";
  find("[data-rate]", card).textContent = answer.rate ? `${answer.rate} · ${answer.payer}` : "";
  find("[data-detail]", card).textContent = answer.detail || (answer.at ? say("At", { at: hour(answer.at) }) : "");
  const others = answer.others ?? [];
  find("[data-others]", card).hidden = !came || !others.length;
  const all = find("[data-others] button", card);
  all.textContent = say(others.length === 1 ? "OthersOne" : "Others", { n: others.length, payer: answer.payer });
  all.addEventListener("click", () => admitAll(answer, others));
  find("[data-undo]", card).hidden = !came;
  find("[data-undo] button", card).addEventListener("click", () => undo(answer));
  result.replaceChildren(card);
  onCard = [answer];
  return card;
}

// Everybody of one order: those who came stand on one card, each to be taken back; whom the site refused, with its reason.
function drawGroup(people) {
  const came = people.filter(({ outcome }) => outcome === "admitted");
  const refused = people.filter((one) => !came.includes(one)).map(reasonOf);
  const waiting = came.find(({ waits }) => waits);
  const card = draw({ ...(came[0] ?? people[0]), others: [], ...(came.length && { title: waiting?.title }) });
  if (refused.length) find("[data-detail]", card).textContent = refused.join(" ");
  if (came.length) entries.offerUndo(card, came);
  onCard = people;
}

// What the site says of an entry that this phone made without it: the card that still shows it says the same.
function follow(answer) {
  const card = find("[data-outcome]", result);
  if (!card || !onCard.some(({ key }) => key === answer.key)) return;
  const hadFocus = card.contains(document.activeElement);
  const people = onCard.map((one) => (one.key === answer.key ? answer : one));
  if (people.length > 1) drawGroup(people);
  else draw(answer);
  if (hadFocus) field.focus({ preventScroll: true });
}

// Most reasons name the person themselves.
function reasonOf({ name, detail, title }) {
  const reason = detail || title;
  return !name || reason.includes(name) ? reason : `${name} – ${reason}`;
}

async function showState() {
  const [waiting, tickets, conflicts] = await Promise.all([store.queued(), store.tickets(), store.conflicts()]);
  const parts = [];
  if (isSignedOut) parts.push(say("SignedOut"));
  else if (isOffline) parts.push(say("Offline"));
  const undone = new Set(waiting.map(({ undo: key }) => key));
  const arrivals = waiting.filter((item) => !item.undo && !undone.has(item.key));
  if (arrivals.length) parts.push(say(arrivals.length === 1 ? "PendingOne" : "Pending", { n: arrivals.length }));
  const state = find("[data-state]");
  state.textContent = parts.join(" – ");
  state.hidden = !parts.length;
  if (tickets.length) {
    find("[data-arrived]").textContent = tickets.filter(isIn).length;
    find("[data-expected]").textContent = tickets.length;
  }
  const box = find("[data-conflicts]");
  box.hidden = !conflicts.length;
  find("ul", box).replaceChildren(
    ...conflicts.map((told) => Object.assign(document.createElement("li"), { textContent: reasonOf(told) })),
  );
}

// How people arrived, as the site draws it.
function drawCurve(html) {
  const place = find("[data-curve]");
  const isOpen = Boolean(find("details[open]", place));
  const hadFocus = place.contains(document.activeElement);
  place.innerHTML = html;
  find("details", place)?.toggleAttribute("open", isOpen);
  if (hadFocus) find("summary", place)?.focus({ preventScroll: true });
}

// Two short high notes, or one long low one; the phone shakes alike.
function signal(came) {
  navigator.vibrate?.(came ? [80] : [300, 100, 300]);
  try {
    const audio = (signal.audio ??= new AudioContext());
    for (const [at, pitch, length] of came ? [[0, 880, 0.09], [0.13, 1320, 0.09]] : [[0, 196, 0.5]]) {
      const note = audio.createOscillator();
      note.frequency.value = pitch;
      note.connect(audio.destination);
      note.start(audio.currentTime + at);
      note.stop(audio.currentTime + at + length);
    }
  } catch {
    // No sound here: the words say it.
  }
}

// --- The camera ---

function offerCamera() {
  const open = find("[data-camera-open]");
  const box = find("[data-camera-box]");
  let close;
  open.hidden = isPast || !navigator.mediaDevices?.getUserMedia;
  open.addEventListener("click", async () => {
    try {
      const { openCamera } = await import(root.dataset.camera);
      box.hidden = false;
      close = await openCamera(find("video", box), root.dataset.decoder, taken);
      open.setAttribute("aria-expanded", "true");
    } catch {
      box.hidden = true;
      show({ outcome: "unknown", title: say("NoCamera") });
    }
  });
  find("[data-camera-close]").addEventListener("click", () => {
    close?.();
    box.hidden = true;
    open.setAttribute("aria-expanded", "false");
    field.focus();
  });
}

// --- Beginning ---

async function taken(text) {
  if (!store) {
    // Nothing can be kept here: the form asks the site.
    field.value = text;
    return find("[data-scan]").submit();
  }
  find("[data-found]").hidden = true;
  find("[data-told]").textContent = "";
  const known = await store.byHash(await digest(codeIn(text)));
  if (!known && (text.length < SHORTEST_CODE || /\s/.test(text))) {
    // Whom the last ticket let in would push whoever is found down the screen.
    result.replaceChildren();
    return search(text);
  }
  return admit({ code: text });
}

async function leave() {
  await handOver();
  if ((await store.queued()).length) return show({ outcome: "unknown", title: say("NotSent") });
  await store.forget();
  localStorage.removeItem(CALLED);
  (await navigator.serviceWorker?.getRegistration(base))?.active?.postMessage("forget");
  location.assign("/organisation/");
}

async function begin() {
  const [{ openStore, told }, { searchAmong }, { entriesOf }] = await Promise.all(
    [root.dataset.store, root.dataset.names, root.dataset.entries].map((address) => import(address)),
  );
  asTold = told;
  store = await openStore(root.dataset.door);
  entries = entriesOf({ find, copy, say, hour, undo });
  search = searchAmong(store.tickets, { find, copy, say, hour, isIn, isPast, admit, undo, noteAbsence });
  await store.forgetOld();
  find("[data-scan]").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    field.value = "";
    if (text) taken(text);
  });
  find("[data-conflicts-seen]").addEventListener("click", async () => {
    await store.forgetConflicts();
    await showState();
  });
  const leaving = find("[data-leave]");
  leaving.hidden = false;
  find("button", leaving).addEventListener("click", leave);
  addEventListener("online", handOver);
  addEventListener("offline", handOver);
  setInterval(handOver, EVERY);
  await handOver();
  root.dataset.ready = "";
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register(`${base}hors-ligne.js`, { scope: base });
    // What is kept was perhaps fetched before this door had its name.
    (await navigator.serviceWorker.ready).active.postMessage("keep");
    root.dataset.offlineReady = "";
  }
}

offerCamera();
if (window.indexedDB && crypto.subtle) begin();

// Answers for the site while the phone is offline: the page without anybody on it, and what draws it. Nothing else.
const SCOPE = self.registration.scope;
const SHELL = new URL("hors-ligne/", SCOPE).href;
const CACHE = `door ${SCOPE}`;
// How long the site may take before the kept page is shown, in milliseconds.
const PATIENCE = 5000;
const PART = /(?:href|src|data-store|data-names|data-entries|data-camera|data-decoder)="(\/static\/[^"]+)"/g;

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keep().catch(() => {}));
  if (event.data === "forget") event.waitUntil(caches.delete(CACHE).then(() => self.registration.unregister()));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
  else if (request.mode === "navigate") event.respondWith(page(request, url));
});

async function keep() {
  const answer = await fetch(SHELL, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error("not let in");
  const parts = [...(await answer.clone().text()).matchAll(PART)].map(([, path]) => new URL(path.replaceAll("&amp;", "&"), SCOPE).href);
  const cache = await caches.open(CACHE);
  await Promise.all(parts.map(async (each) => (await cache.match(each)) || cache.add(each)));
  await cache.put(SHELL, answer);
  const wanted = new Set([SHELL, ...parts]);
  for (const { url } of await cache.keys()) if (!wanted.has(url) && !url.includes("/fonts/")) await cache.delete(url);
}

async function part(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request.url, answer.clone());
  return answer;
}

async function page(request, url) {
  try {
    return await Promise.race([
      fetch(request),
      new Promise((_next, late) => setTimeout(() => late(new Error("late")), PATIENCE)),
    ]);
  } catch (away) {
    if (url.pathname !== new URL(SCOPE).pathname) return Response.redirect(SCOPE);
    const kept = await caches.match(SHELL, { cacheName: CACHE });
    if (kept) return kept;
    throw away;
  }
}

// Keep a part of the page up to date while it waits for something, and leave alone whoever is at work in it.
const EVERY = 3000;

async function follow() {
  const part = document.querySelector("[data-followed]");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page && page.querySelector("[data-followed]");
    if (fresh && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(fresh));
  } catch {
    // No network for a moment: ask again.
  }
  if (document.querySelector("[data-awaiting]")) setTimeout(follow, EVERY);
}

if (document.querySelector("[data-awaiting]")) setTimeout(follow, EVERY);

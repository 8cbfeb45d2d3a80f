// Load the page again once what it waits for has happened: ask now and then, and leave the reader in peace until then.
const EVERY = 3000;
const MOST = 40;
let asked = 0;

async function ask() {
  asked += 1;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok && !(await answer.text()).includes("data-awaiting")) {
      location.reload();
      return;
    }
  } catch {
    // No network for a moment: ask again.
  }
  if (asked < MOST) setTimeout(ask, EVERY);
}

if (document.querySelector("[data-awaiting]")) setTimeout(ask, EVERY);

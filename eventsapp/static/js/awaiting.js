// Load the page again once what it waits for has happened: look now and then, and leave the reader in peace until then.
// When Stripe's message is late, have Stripe asked instead, as the button of the page does.
const FIRST = 1500;
const EVERY = 3000;
const MOST = 40;
const VERIFY_AT = new Set([1, 5, 20]);
let looked = 0;

async function look() {
  looked += 1;
  try {
    if ((await happened()) || (VERIFY_AT.has(looked) && (await verify()))) {
      location.reload();
      return;
    }
  } catch {
    // No network for a moment: look again.
  }
  if (looked < MOST) setTimeout(look, EVERY);
}

async function happened() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  return answer.ok && !(await answer.text()).includes("data-awaiting");
}

async function verify() {
  const form = document.querySelector("form[data-verify]");
  if (!form) return false;
  await fetch(form.action, { method: "POST", body: new FormData(form) });
  return happened();
}

if (document.querySelector("[data-awaiting]")) setTimeout(look, FIRST);

// Tell that the article was read, once it has been in sight for a while: which one and as what kind of reader, not by whom.
const article = document.querySelector("[data-read]");
const A_WHILE = 8000;
let waiting;

function tell() {
  document.removeEventListener("visibilitychange", wait);
  navigator.sendBeacon?.(article.dataset.readTo, new URLSearchParams({ marque: article.dataset.read }));
}

function wait() {
  clearTimeout(waiting);
  if (document.visibilityState === "visible") waiting = setTimeout(tell, A_WHILE);
}

document.addEventListener("visibilitychange", wait);
wait();

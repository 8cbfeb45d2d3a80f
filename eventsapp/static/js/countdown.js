// Say how long the seats are still held: every second to the eye, every minute to a screen reader, then load again.
for (const place of document.querySelectorAll("[data-until]")) {
  const end = new Date(place.dataset.until).getTime();
  const spoken = document.createElement("span");
  spoken.className = "unseen";
  spoken.setAttribute("role", "status");
  place.after(spoken);
  place.setAttribute("aria-hidden", "true");
  let minute = -1;

  // Over before the page was shown: the server will say so in its own time, and loading again would never end.
  if (end <= Date.now()) continue;

  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const minutes = Math.floor(left / 60);
    place.textContent = `${minutes}\u00a0min ${String(left % 60).padStart(2, "0")}\u00a0s`;
    if (minutes !== minute) {
      minute = minutes;
      spoken.textContent = `${place.dataset.words} ${minutes + 1}\u00a0min`;
    }
    if (left > 0) return;
    clearInterval(timer);
    location.reload();
  };
  const timer = setInterval(tick, 1000);
  tick();
}

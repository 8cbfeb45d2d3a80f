// Fill each region marked data-fragment with what the address answers: pages are the same for everyone, this is not.
for (const region of document.querySelectorAll("[data-fragment]")) {
  try {
    const answer = await fetch(region.dataset.fragment, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.ok && answer.status !== 204) region.innerHTML = await answer.text();
  } catch {
    // Offline: the plain links stay.
  }
}

// Say how many of the ticked lines of a form there are and what they make, and in each line what those up to it make.
const euros = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });

for (const told of document.querySelectorAll("[data-ticked-of]")) {
  const form = document.getElementById(told.dataset.tickedOf);

  const count = () => {
    let ticked = 0;
    let cents = 0;
    for (const box of form.querySelectorAll("[data-cents]")) {
      if (box.checked) {
        ticked += 1;
        cents += Number(box.dataset.cents);
      }
      const running = box.closest("tr").querySelector("[data-running]");
      if (running) running.textContent = box.checked ? euros.format(cents / 100) : "";
    }
    const words = ticked === 1 ? told.dataset.one : told.dataset.many.replace("#", ticked);
    const sum = document.createElement("span");
    sum.className = "money";
    sum.textContent = euros.format(cents / 100);
    told.replaceChildren(`${words}, `, sum);
  };
  form.addEventListener("change", count);
  count();
}

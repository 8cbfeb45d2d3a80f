// What one does about entries just made: the list of the latest, and the buttons that take several back.
const MOST_LATEST = 8;

// Returns what keeps both as the door admits and takes back; all the rest is the door’s.
export function entriesOf({ find, copy, say, hour, undo }) {
  const list = find("[data-latest] ul");
  const rowOf = (seat) => list.querySelector(`[data-seat="${seat}"]`);

  function gone(seat) {
    rowOf(seat)?.remove();
    find("[data-latest]").hidden = !list.children.length;
  }

  function came(answer) {
    rowOf(answer.seat)?.remove();
    const row = copy("entry");
    row.dataset.seat = answer.seat;
    find("[data-name]", row).textContent = answer.name;
    find("[data-at]", row).textContent = hour(answer.at);
    const back = find("button", row);
    back.setAttribute("aria-label", say("TakeBack", { name: answer.name }));
    back.addEventListener("click", async () => {
      back.disabled = true;
      await undo(answer);
      back.disabled = false;
    });
    list.prepend(row);
    while (list.children.length > MOST_LATEST) list.lastElementChild.remove();
    find("[data-latest]").hidden = false;
  }

  // One button for each, named: the others stay when one is taken back.
  function offerUndo(card, answers) {
    const result = card.parentElement;
    let inside = answers;
    const tellNames = () => {
      find("[data-name]", card).textContent = inside.map(({ name }) => name).join(", ");
    };
    tellNames();
    find("[data-undo]", card).replaceChildren(
      ...answers.map((answer) => {
        const button = Object.assign(document.createElement("button"), {
          type: "button",
          className: "button",
          textContent: say("TakeBack", { name: answer.name }),
        });
        button.addEventListener("click", async () => {
          button.disabled = true;
          if (await undo(answer)) return;
          button.remove();
          inside = inside.filter((one) => one !== answer);
          tellNames();
          if (inside.length) result.append(card);
        });
        return button;
      }),
    );
  }

  return { came, gone, offerUndo };
}

// Finding people by name at the door: a row for each, with what can be done for them.
const MOST_FOUND = 20;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// Returns what shows those of the list whom the words mean; all the rest is the door’s.
export function searchAmong(tickets, { find, copy, say, hour, isIn, isPast, admit, undo, noteAbsence }) {
  async function search(words) {
    const wanted = fold(words).split(/\s+/).filter(Boolean);
    const people = (await tickets()).filter((one) => wanted.every((word) => fold(`${one.name} ${one.payer}`).includes(word)));
    const list = find("[data-found] ul");
    list.replaceChildren(...people.slice(0, MOST_FOUND).map((person) => personRow(person, words)));
    find("[data-found]").hidden = !people.length;
    find("[data-told]").textContent = counted(people.length);
  }

  function counted(n) {
    if (!n) return say("Nobody");
    if (n > MOST_FOUND) return say("FoundMore", { n, shown: MOST_FOUND });
    return say(n === 1 ? "FoundOne" : "Found", { n });
  }

  function personRow(person, words) {
    const row = copy("person");
    find("[data-name]", row).textContent = person.name;
    find("[data-rate]", row).textContent = `${person.rate} · ${person.payer}`;
    const button = find("button", row);
    button.textContent = say("Admit");
    button.setAttribute("aria-label", `${say("Admit")} ${person.name}`);
    button.hidden = isPast || isIn(person);
    button.addEventListener("click", async () => {
      // The row stays under the finger until the answer is there: a second tap falls on nothing else.
      button.disabled = true;
      await admit({ id: person.id });
      find("[data-found]").hidden = true;
      find("[data-told]").textContent = "";
    });
    const back = find("[data-back]", row);
    // What let this person in: a scan of this phone, or what the list of the site names; the signed sheet is neither.
    const admission = person.key ?? person.entry;
    back.hidden = isPast || !isIn(person) || !admission;
    back.setAttribute("aria-label", say("TakeBack", { name: person.name }));
    back.addEventListener("click", async () => {
      back.disabled = true;
      await undo({ key: admission, seat: person.id, name: person.name });
      await search(words);
    });
    const absence = find("[data-absence]", row);
    absence.hidden = isIn(person) || !(person.absent || person.wasAbsent);
    find("p", absence).hidden = !person.absent;
    const turn = find("button", absence);
    turn.textContent = say(person.absent ? "Absence" : "Absent");
    turn.setAttribute("aria-label", say(person.absent ? "AbsenceOf" : "AbsentOf", { name: person.name }));
    turn.addEventListener("click", async () => {
      turn.disabled = true;
      await noteAbsence(person, !person.absent);
      await search(words);
    });
    const at = find("[data-at]", row);
    const isOut = isPast && !isIn(person) && !person.absent;
    at.hidden = !isIn(person) && !isOut;
    at.className = isOut ? "quiet" : "good";
    if (isIn(person)) at.textContent = `${say("Entry")} ${say("At", { at: hour(person.at) })}`;
    else at.textContent = isOut ? say("NoEntry") : "";
    return row;
  }

  return search;
}

// What this phone keeps of a door: the people of the day, what is still to be handed over, what was refused afterwards.
const NAME = "door";
const VERSION = 1;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function written(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

// What the site is told of an entry of the queue: a scan, or that an earlier one is taken back.
export const told = ({ key, code, seat, at, device, undo }) => ({ key, code, seat, at, device, undo });

export async function openStore(day) {
  const opening = indexedDB.open(NAME, VERSION);
  opening.onupgradeneeded = () => {
    const database = opening.result;
    database.createObjectStore("days", { keyPath: "day" });
    const tickets = database.createObjectStore("tickets", { keyPath: ["day", "id"] });
    tickets.createIndex("day", "day");
    tickets.createIndex("hash", ["day", "hash"]);
    database.createObjectStore("queue", { keyPath: "key" }).createIndex("day", "day");
    database.createObjectStore("conflicts", { keyPath: "key" }).createIndex("day", "day");
  };
  const database = await done(opening);
  const rows = (store, index = "day", wanted = day) =>
    done(database.transaction(store).objectStore(store).index(index).getAll(wanted));
  const change = async (stores, step) => {
    const transaction = database.transaction(stores, "readwrite");
    const finished = written(transaction);
    step(...stores.map((store) => transaction.objectStore(store)));
    await finished;
  };
  // By range, in its turn: a cursor would go on and take what is put after it.
  const clearTickets = (tickets, old) => tickets.delete(IDBKeyRange.bound([old], [old, []]));
  const clearConflicts = (conflicts, old) => {
    conflicts.index("day").getAllKeys(old).onsuccess = ({ target }) => target.result.forEach((key) => conflicts.delete(key));
  };

  return {
    tickets: () => rows("tickets"),
    ticket: (id) => done(database.transaction("tickets").objectStore("tickets").get([day, id])),
    byHash: async (hash) => (await rows("tickets", "hash", [day, hash]))[0],
    queued: () => rows("queue"),
    queuedAnywhere: () => done(database.transaction("queue").objectStore("queue").getAll()),
    queue: (item) => change(["queue"], (queue) => queue.put({ ...item, day })),
    // Somebody at the door was told of it here; what left the queue meanwhile was handed over.
    show: (item, shown) =>
      change(["queue"], (queue) => {
        queue.get(item.key).onsuccess = ({ target }) => queue.put({ ...(target.result ?? { ...item, sent: true }), day, shown });
      }),
    // Notes before they leave that the site may hear of these, and gives those that are still to leave.
    async leaving(keys) {
      const left = [];
      await change(["queue"], (queue) => {
        for (const key of keys) {
          queue.get(key).onsuccess = ({ target }) => {
            if (!target.result) return;
            left.push(target.result);
            queue.put({ ...target.result, sent: true });
          };
        }
      });
      return left;
    },
    // Takes out what never left, and says whether it did: of what may have, the site is to hear more.
    async cancel(key) {
      let isOut = false;
      await change(["queue"], (queue) => {
        queue.get(key).onsuccess = ({ target }) => {
          if (!target.result || target.result.sent) return;
          isOut = true;
          queue.delete(key);
        };
      });
      return isOut;
    },
    unqueue: (keys) => change(["queue"], (queue) => keys.forEach((key) => queue.delete(key))),
    conflicts: () => rows("conflicts"),
    addConflict: (told) => change(["conflicts"], (conflicts) => conflicts.put({ ...told, day })),
    forgetConflicts: () => change(["conflicts"], (conflicts) => clearConflicts(conflicts, day)),
    // The list of the site, with those who came through here and are not handed over yet.
    async replace(list) {
      const queued = (await rows("queue")).filter((item) => item.id).sort((one, other) => one.at.localeCompare(other.at));
      const waiting = new Map(queued.map((item) => [item.id, item.undo ? { at: null } : item]));
      const arrival = ({ id, at }) => (waiting.get(id)?.at === null ? null : at || waiting.get(id)?.at || null);
      await change(["days", "tickets"], (days, tickets) => {
        days.put({ day, until: list.until });
        clearTickets(tickets, day);
        for (const ticket of list.tickets) tickets.put({ ...ticket, day, at: arrival(ticket), key: waiting.get(ticket.id)?.key });
      });
    },
    // With the key of the scan that let the person in, where this phone did: it can be taken back by it.
    async arrived(id, at, key) {
      const ticket = await this.ticket(id);
      if (ticket) await change(["tickets"], (tickets) => tickets.put({ ...ticket, at, key: key ?? (at ? ticket.key : undefined) }));
    },
    async absent(id, absent) {
      const ticket = await this.ticket(id);
      if (ticket) await change(["tickets"], (tickets) => tickets.put({ ...ticket, absent, wasAbsent: true }));
    },
    // Of a day that is over nobody's name stays; what was not handed over does, it has a key, a ticket and an hour.
    async forgetOld(now = new Date()) {
      const days = await done(database.transaction("days").objectStore("days").getAll());
      for (const old of days.filter(({ until }) => new Date(until) < now)) await this.forget(old.day);
    },
    forget: (old = day) =>
      change(["days", "tickets", "conflicts"], (days, tickets, conflicts) => {
        days.delete(old);
        clearTickets(tickets, old);
        clearConflicts(conflicts, old);
      }),
  };
}

"""Every object of the sandbox, in memory, written through to one SQLite file when there is one."""

import copy
import json
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

#: One object as Stripe sends it. Keys that begin with an underscore are the sandbox's own and are never sent.
Thing: TypeAlias = dict[str, Any]


class StateFileError(Exception):
    """The state file cannot be used: another sandbox holds it, or it is not one of ours."""


class Store:
    """Objects by ``id``, in order of creation; each carries its kind in ``object``.

    What is handed out is a copy: a change counts once it is ``put`` back. A transaction keeps all its
    changes or none, in memory as in the file, and lets no other thread in.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the state file, or keep everything in memory; raise ``StateFileError``."""
        self._lock = threading.RLock()
        self._depth = 0
        self._things: defaultdict[str, dict[str, Thing]] = defaultdict(dict)
        self._before: dict[tuple[str, str], Thing | None] = {}
        self._file = _opened(path) if path else None
        if self._file:
            for (body,) in self._file.execute("SELECT body FROM things ORDER BY rank"):
                thing = json.loads(body)
                self._things[thing["object"]][thing["id"]] = thing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep what is put inside, all or none; a transaction inside another joins it."""
        with self._lock:
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._write()
            except BaseException:
                if self._depth == 1:
                    self._undo()
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    self._before = {}

    def put(self, thing: Thing) -> None:
        """Add the object or replace the one of the same id."""
        with self.transaction():
            kind, thing_id = thing["object"], thing["id"]
            self._before.setdefault((kind, thing_id), self._things[kind].get(thing_id))
            self._things[kind][thing_id] = copy.deepcopy(thing)

    def find(self, kind: str, thing_id: str) -> Thing | None:
        """Return the object of that kind and id, or ``None``."""
        with self._lock:
            return copy.deepcopy(self._things[kind].get(thing_id))

    def newest_first(self, kind: str, keep: Callable[[Thing], bool] = lambda _thing: True) -> list[Thing]:
        """Return the objects of that kind which ``keep`` accepts, the latest first."""
        with self._lock:
            return copy.deepcopy([thing for thing in reversed(self._things[kind].values()) if keep(thing)])

    def ids_newest_first(self, kind: str) -> list[str]:
        """Return the ids of the objects of that kind, the latest first."""
        with self._lock:
            return list(reversed(self._things[kind]))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._things.clear()
            if self._file:
                self._file.execute("DELETE FROM things")

    def close(self) -> None:
        """Let go of the file; the objects stay readable."""
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None

    def _write(self) -> None:
        if not self._file or not self._before:
            return
        self._file.execute("BEGIN")
        try:
            self._file.executemany(
                "INSERT INTO things (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                [(thing_id, json.dumps(self._things[kind][thing_id])) for kind, thing_id in self._before],
            )
            self._file.execute("COMMIT")
        except sqlite3.Error:
            self._file.execute("ROLLBACK")
            raise

    def _undo(self) -> None:
        for (kind, thing_id), thing in self._before.items():
            if thing is None:
                self._things[kind].pop(thing_id, None)
            else:
                self._things[kind][thing_id] = thing


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=0.2)
    try:
        # The lock is held until the end, so that a second sandbox cannot write over the first one's objects.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS things (rank INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, body TEXT NOT NULL)"
        )
        connection.execute("COMMIT")
        connection.execute("SELECT rank, id, body FROM things LIMIT 1")
    except sqlite3.Error as trouble:
        connection.close()
        raise StateFileError(f"{path}: {trouble}") from trouble
    return connection

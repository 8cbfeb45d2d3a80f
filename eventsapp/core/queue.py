"""Deferred work: the queue only says "look now"; what is due are rows of the database.

A *sweep* claims due rows and may run twice, on two machines or late, without harm. Losing the queue loses no work.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from huey.exceptions import HueyException
from redis.exceptions import RedisError

from eventsapp.core import unit_of_work
from eventsapp.core.settings import ROOT, Settings

#: A sweep takes nothing and returns how many rows it dealt with.
Sweep = Callable[[], int]

log = logging.getLogger(__name__)


def connect(settings: Settings) -> Huey:
    """Return the queue: in Redis when there is one, else in a file beside the SQLite database."""
    if settings.redis_url:
        return RedisHuey("eventsapp", url=settings.redis_url, results=False)
    path = ROOT / "instance" / "queue.sqlite"
    if settings.database_url.startswith("sqlite:///"):
        path = Path(settings.database_url.removeprefix("sqlite:///")).with_name("queue.sqlite")
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("eventsapp", filename=str(path), results=False)


def init_app(app: Flask, *, settings: Settings, sweeps: dict[str, Sweep]) -> None:
    """Let ``app`` ask for ``sweeps`` by name."""
    huey = connect(settings)

    @huey.task(name="sweep")  # type: ignore[untyped-decorator]
    def sweep(name: str) -> None:
        with app.app_context():
            sweeps[name]()

    app.extensions["eventsapp.huey"] = huey
    app.extensions["eventsapp.sweep"] = sweep
    app.extensions["eventsapp.sweeps"] = sweeps


def nudge(name: str) -> None:
    """Once the running transaction is committed, ask the worker to run the sweep ``name`` now."""
    unit_of_work.after_commit(lambda: ask(name))


def ask(name: str) -> None:
    """Ask the worker to run the sweep ``name`` now; for those outside of any transaction, as a sweep that has more."""
    try:
        current_app.extensions["eventsapp.sweep"](name)
    except (RedisError, HueyException, OSError):
        log.warning("the queue does not answer; the timetable will run %s", name, exc_info=True)


def pending() -> int:
    """Return how many sweeps were asked for and not run yet; raises what a queue that is away raises."""
    huey: Huey = current_app.extensions["eventsapp.huey"]
    return int(huey.pending_count())

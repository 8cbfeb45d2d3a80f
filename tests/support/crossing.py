"""People whose transactions cross: each is stopped right before a statement, and all go on once everybody is there."""

import re
import threading
from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa
from flask import Flask

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from tests.support.at_once import at_once

#: Seconds for which one waits for the others; whoever is not there by then never comes.
PATIENCE = 20


def crossed(app: Flask, *people: tuple[str, Callable[[], object]]) -> list[object]:
    """Run each step in a transaction of its own, stopped before the first statement that its pattern finds.

    Nobody goes on before all are stopped: what each holds by then, and wants next, is what the patterns say. Returns
    what each got, or the error that the database ended it with.
    """
    meeting = threading.Barrier(len(people))
    here = threading.local()

    def stop(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        pattern: str = getattr(here, "pattern", "")
        if pattern and re.search(pattern, f"{statement} {parameters}", re.DOTALL):
            here.pattern = ""
            meeting.wait(PATIENCE)

    def act(pattern: str, step: Callable[[], object]) -> object:
        here.pattern = pattern
        try:
            with unit_of_work.transaction():
                return step()
        except (sa.exc.DBAPIError, threading.BrokenBarrierError) as error:
            return error

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", stop)
    try:
        steps: Sequence[Callable[[], object]] = [partial(act, pattern, step) for pattern, step in people]
        return at_once(app, *steps)
    finally:
        sa.event.remove(engine, "before_cursor_execute", stop)

"""Processes in which people accept an invitation to read at the same moment, with the guard of the seats or without."""

import time
from collections.abc import Sequence
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.factory import create_app
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.service import _seats
from tests.support.at_once import at_once
from tests.support.makers.study_days import NOW


def accept_all(
    environment: dict[str, str], secrets: Sequence[str], guarded: bool, together: Barrier, answers: "Queue[list[str]]"
) -> None:
    """Be one process: accept these invitations at once, as soon as all processes are there; tell what came of each."""
    if not guarded:
        _seats.take = _take_carelessly
        queries.held_contracts = _unheld
    app = create_app(environment, keep_pages=False)
    together.wait(timeout=120)
    answers.put(at_once(app, *(partial(_accept, secret) for secret in secrets)))
    with app.app_context():
        db.engine.dispose()


def _accept(secret: str) -> str:
    try:
        with unit_of_work.transaction():
            service.accept(secret, now=NOW)
    except Refusal as refusal:
        return refusal.code
    return "accepted"


def _take_carelessly(contract_id: int, count: int = 1) -> bool:
    """Read, compare, write: what another process does in between is lost."""
    taken, readers = db.session.execute(
        sa.select(Contract.seats_taken, Contract.readers).where(Contract.id == contract_id)
    ).one()
    if taken + count > readers:
        return False
    time.sleep(0.05)
    db.session.execute(sa.update(Contract).where(Contract.id == contract_id).values(seats_taken=taken + count))
    return True


def _unheld(readership_id: int, *, standing: bool = True) -> list[Contract]:
    return list(queries.begun_of(readership_id))

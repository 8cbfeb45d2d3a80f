"""A process of its own that invoices orders: some transactions given up, one process killed before it commits."""

import multiprocessing
import os
import signal
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from eventsapp.checkout.service._invoice import _circumstances
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.factory import create_app
from eventsapp.invoices import service as invoices
from eventsapp.orders import service as orders

#: Every so manieth transaction is given up after its number was taken.
GIVEN_UP = 10


class GivenUp(Exception):  # noqa: N818 - it is no error
    """The transaction is rolled back on purpose."""


def invoice(order_id: int, *, give_up: bool = False, now: datetime) -> None:
    """Invoice an order in a transaction of its own; raise ``GivenUp``, its number taken already, when told to."""
    with unit_of_work.transaction():
        order = orders.lock(order_id)
        invoices.issue(order, _circumstances(order), now=now)
        if give_up:
            raise GivenUp


def issue_at_once(environment: dict[str, str], order_ids: Sequence[int], *, processes: int, now: datetime) -> None:
    """Invoice the orders in so many processes at the same moment; each order in the end, whatever was given up."""
    shares = [order_ids[number::processes] for number in range(processes)]
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(partial(_issue_share, environment, now=now), shares, chunksize=1)


def die_with_a_number(environment: dict[str, str], order_id: int, *, now: datetime) -> int:
    """Take the next number in a process that is killed before it commits; return how that process ended."""
    process = multiprocessing.get_context("fork").Process(target=_die, args=(environment, order_id, now))
    process.start()
    process.join(60)
    return process.exitcode or 0


def _issue_share(environment: dict[str, str], order_ids: Sequence[int], *, now: datetime) -> None:
    with create_app(environment, keep_pages=False).app_context():
        for order_id in order_ids:
            for given_up in (order_id % GIVEN_UP == 0, False):
                try:
                    invoice(order_id, give_up=given_up, now=now)
                except GivenUp:
                    continue
                break
        db.session.remove()
        db.engine.dispose()


def _die(environment: dict[str, str], order_id: int, now: datetime) -> None:
    with create_app(environment, keep_pages=False).app_context(), unit_of_work.transaction():
        order = orders.lock(order_id)
        invoices.issue(order, _circumstances(order), now=now)
        os.kill(os.getpid(), signal.SIGKILL)

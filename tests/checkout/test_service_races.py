"""Two things at once, each in a thread and a transaction of its own, on a database that is not undone."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.checkout import service as checkout
from eventsapp.checkout.service._expire import _expire
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.orders import service as orders
from eventsapp.payments import service as payments
from eventsapp.payments.models import Payment
from eventsapp.payments.statuses import CardSessionStatus, EventOutcome
from eventsapp.payments.values import CardPage, CardPayment
from tests.conftest import database_address
from tests.support.database import migrated_app
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose threads see what each other commit."""
    made = migrated_app({"DATABASE_URL": database_address(database, tmp_path)})
    yield made
    with made.app_context():
        db.engine.dispose()


def at_once(app: Flask, *steps: Callable[[], object]) -> list[object]:
    """Run each step in a thread of its own; return what they return, or raised."""
    results: dict[int, object] = {}

    def run(index: int, step: Callable[[], object]) -> None:
        with app.app_context():
            try:
                results[index] = step()
            except Exception as error:  # noqa: BLE001 - the test compares it
                results[index] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [results[index] for index in range(len(steps))]


def made(app: Flask, method: str) -> tuple[int, str]:
    """Place an order in that application; return its key and reference."""
    with app.app_context(), writing():
        order = place(seats(make_study_day()), payment_method=method)
        known = (order.id, order.reference)
        with unit_of_work.transaction():
            page = CardPage(session_id="cs_1", url="u", expires_at=NOW + timedelta(hours=1))
            payments.remember_page(
                order.id, attempt=1, amount_cents=62100, page=page, expires_at=page.expires_at, now=NOW
            )
        db.session.remove()
    return known


@pytest.mark.usefixtures("frozen")
def test_a_payment_and_the_end_of_its_hold_never_wait_for_each_other(served: Flask) -> None:
    order_id, reference = made(served, "card")
    locked = threading.Event()
    paid = CardPayment(
        session_id="cs_1", reference=reference, open=False, paid=True, amount_cents=62100, currency="eur",
        payment_id="pi_1", live=False,
    )  # fmt: skip

    def settle() -> EventOutcome:
        locked.wait(10)
        with unit_of_work.transaction():
            return checkout.settle_card(paid, now=NOW)[0]

    def expire() -> int:
        with unit_of_work.transaction():
            orders.lock(order_id)
            locked.set()
            # The other one goes as far as it can.
            time.sleep(0.5)
            payments.mark_page("cs_1", CardSessionStatus.EXPIRED)
            return _expire(order_id, over_since=NOW, now=NOW)

    assert at_once(served, settle, expire) == [EventOutcome.SETTLED, 0]


@pytest.mark.usefixtures("frozen")
def test_a_form_sent_twice_at_once_counts_once(served: Flask) -> None:
    order_id, _reference = made(served, "cheque")
    money = MoneyReceived(method="cheque", amount_cents=62100, reference="0001", form_key="k" * 20)
    together = threading.Barrier(2)

    def settle() -> bool:
        together.wait(10)
        with unit_of_work.transaction():
            return checkout.settle(order_id, money, received_on=NOW.date(), now=NOW) is not None

    assert sorted(at_once(served, settle, settle), key=bool) == [False, True]
    with served.app_context():
        assert db.session.scalars(sa.select(Payment.amount_cents)).all() == [62100]
        db.session.remove()

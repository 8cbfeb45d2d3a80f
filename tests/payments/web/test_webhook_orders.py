"""Five messages about one order in all their hundred and twenty orders end in the same state."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.checkout import service as checkout
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.invoices import queries as invoices
from eventsapp.orders.models import Order
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
from eventsapp.payments.models import CardSession, Dispute, Payment, PaymentAlert, Refund
from eventsapp.payments.statuses import AlertKind, CardSessionStatus
from tests.checkout.looking import mails, pay, statuses
from tests.support.invariants import broken
from tests.support.makers.payments import card_order
from tests.support.makers.study_days import make_study_day
from tests.support.messages import tell

NOW = datetime.now(UTC)
#: The page that was closed for another, the payment on that one, part of it given back, and all of it contested.
TOLD = (
    "checkout.session.completed",
    "payment_intent.succeeded",
    "charge.refunded",
    "checkout.session.expired",
    "charge.dispute.created",
)


@pytest.fixture
def order(client: FlaskClient, sandbox: RunningSandbox) -> Order:
    """An order about which Stripe has all of it to tell, and has told nothing."""
    order = card_order(make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)
    order_id = order.id
    # Part of it comes by cheque: the page asks for too much, and another takes its place.
    pay(order, 10000, now=NOW, reference="1")
    checkout.open_page(checkout.prepare_page(order, now=NOW), now=NOW)
    last, _first = payments.card_sessions_of(order_id)
    sandbox.pay(last.session_id or "", card=buyer.ACCEPTED)
    intent = sandbox.objects("payment_intent")[0]["id"]
    sandbox.refund_in_dashboard(intent, amount=2000)
    sandbox.dispute_in_dashboard(intent)
    db.session.execute(sa.update(CardSession).values(status=CardSessionStatus.OPEN))
    db.session.commit()
    return order


@pytest.fixture(autouse=True)
def stripe_is_asked_once(monkeypatch: pytest.MonkeyPatch, sandbox: RunningSandbox) -> None:
    """Stripe says the same of what does not change there: it is asked over the wire once."""
    for name in ("look_up", "page_of_payment", "money_back"):
        asked: Callable[[str], Any] = getattr(gateway, name)
        monkeypatch.setattr(gateway, name, cache(asked))


@contextmanager
def forgotten() -> Iterator[None]:
    """Undo what happens inside, so that the next order of messages begins where this one did."""
    db.session.remove()
    # Where everything is undone, it is a connection.
    connection = cast("sa.Connection", db.engines[None])
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()


def state(order_id: int) -> tuple[Any, ...]:
    """Return all that the messages can have changed."""
    order = db.session.get_one(Order, order_id)
    return (
        (order.status, order.payment_status, order.paid_cents, order.refunded_cents),
        statuses(),
        sorted(db.session.scalars(sa.select(Payment.amount_cents))),
        [(row.amount_cents, row.state) for row in db.session.scalars(sa.select(Refund))],
        sorted(db.session.scalars(sa.select(PaymentAlert.kind))),
        db.session.scalars(sa.select(Dispute.status)).all(),
        sorted(db.session.scalars(sa.select(CardSession.status))),
        [(row.number, row.total_cents) for row in invoices.of_order(order_id)],
        sorted(mails()),
    )


@pytest.mark.long
def test_in_all_their_orders_they_end_in_the_same_state(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    order_id = order.id
    told = {kind: sandbox.events(kind)[0] for kind in TOLD}
    ends = {}

    for shuffled in itertools.permutations(TOLD):
        with forgotten():
            assert [tell(client, sandbox, told[kind]) for kind in shuffled] == [200] * len(TOLD)
            ends[shuffled] = state(order_id)
            if shuffled in {TOLD, TOLD[::-1]}:
                assert broken() == []

    assert len(ends) == 120
    first = ends[TOLD]
    assert {shuffled for shuffled, end in ends.items() if end != first} == set()
    assert first[2] == [10000, 52100]
    assert first[4] == [AlertKind.DISPUTE, AlertKind.REFUND]
    assert first[6] == [CardSessionStatus.COMPLETE, CardSessionStatus.EXPIRED]

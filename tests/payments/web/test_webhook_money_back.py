"""Refunds and disputes that Stripe tells of: counted once, in whatever order it tells."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import PaymentStatus
from eventsapp.payments.models import CardSession, Dispute, Payment, PaymentAlert, Refund
from eventsapp.payments.statuses import AlertKind, RefundState
from tests.support.makers.accounts import make_user
from tests.support.makers.payments import card_order, intent_of, paid_by_card
from tests.support.makers.study_days import make_study_day
from tests.support.messages import tell_all

NOW = datetime.now(UTC)
#: What is told of a page that was paid, refunded in part in the dashboard, and contested.
TOLD = ("checkout.session.completed", "charge.refunded", "refund.created", "charge.dispute.created")


@pytest.fixture
def order(client: FlaskClient, sandbox: RunningSandbox) -> Order:
    """An order whose page is open."""
    return card_order(make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)


@pytest.fixture
def paid(client: FlaskClient, sandbox: RunningSandbox) -> Order:
    """An order that was paid by card."""
    return paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)


def refunds() -> list[tuple[int, RefundState]]:
    return [(row.amount_cents, row.state) for row in db.session.scalars(sa.select(Refund).order_by(Refund.id))]


def alerts() -> list[AlertKind]:
    return sorted(db.session.scalars(sa.select(PaymentAlert.kind)))


@pytest.mark.parametrize("shuffled", list(itertools.permutations(TOLD)))
def test_in_any_order_it_ends_in_the_same_state(
    client: FlaskClient, sandbox: RunningSandbox, order: Order, shuffled: tuple[str, ...]
) -> None:
    session_id = db.session.scalar(sa.select(CardSession.session_id).where(CardSession.order_id == order.id))
    assert session_id is not None
    sandbox.pay(session_id, card=buyer.ACCEPTED)
    intent = sandbox.objects("payment_intent")[0]["id"]
    sandbox.refund_in_dashboard(intent, amount=10000)
    sandbox.dispute_in_dashboard(intent)

    for kind in (*shuffled, *shuffled):
        tell_all(client, sandbox, kind)

    assert (order.paid_cents, order.refunded_cents) == (62100, 10000)
    assert order.payment_status is PaymentStatus.PART_REFUNDED
    assert len(db.session.scalars(sa.select(Payment)).all()) == 1
    assert refunds() == [(10000, RefundState.DONE)]
    assert alerts() == [AlertKind.DISPUTE, AlertKind.REFUND]
    assert db.session.scalars(sa.select(Dispute.status)).all() == ["needs_response"]


def test_a_refund_that_we_asked_for_is_the_same_when_stripe_tells_of_it(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order
) -> None:
    accountant = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.refund_card(paid.id, amount_cents=10000, reason="Geste", actor=accountant, now=NOW)
    sandbox.turn(reset_next=2, fault_path="refunds")
    checkout.ask_refunds(now=NOW)
    sandbox.turn(reset_next=0)
    assert refunds() == [(10000, RefundState.ASKED)]

    tell_all(client, sandbox, "charge.refunded")

    assert refunds() == [(10000, RefundState.DONE)]
    assert (paid.refunded_cents, alerts()) == (10000, [])
    assert checkout.ask_refunds(now=NOW).done == 0


def test_a_refund_that_the_bank_sends_back_counts_no_more(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order
) -> None:
    made = sandbox.refund_in_dashboard(intent_of(paid), amount=10000)
    tell_all(client, sandbox, "refund.created")
    assert paid.refunded_cents == 10000

    sandbox.fail_refund(made["id"])
    tell_all(client, sandbox, "refund.failed")
    tell_all(client, sandbox, "refund.updated")

    assert (refunds(), paid.refunded_cents) == ([(10000, RefundState.FAILED)], 0)
    assert alerts() == [AlertKind.REFUND, AlertKind.REFUND_FAILED]


@pytest.mark.parametrize(("won", "back"), [(True, 0), (False, 62100)])
def test_a_dispute_takes_the_money_when_it_is_lost(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order, won: bool, back: int
) -> None:
    made = sandbox.dispute_in_dashboard(intent_of(paid))
    tell_all(client, sandbox, "charge.dispute.created")
    assert (paid.refunded_cents, alerts()) == (0, [AlertKind.DISPUTE])

    sandbox.close_dispute(made["id"], won=won)
    for _twice in range(2):
        tell_all(client, sandbox, "charge.dispute.closed")

    assert paid.refunded_cents == back
    assert alerts() == [AlertKind.DISPUTE] + ([] if won else [AlertKind.DISPUTE_LOST])


def test_what_no_message_told_is_found_by_the_reconciliation_once(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order
) -> None:
    sandbox.refund_in_dashboard(intent_of(paid), amount=10000)

    assert [checkout.find_money_back(now=NOW) for _ in range(2)] == [1, 0]

    db.session.expire_all()
    assert (paid.refunded_cents, alerts()) == (10000, [AlertKind.REFUND])


def test_money_of_nobody_s_payment_changes_nothing(client: FlaskClient, sandbox: RunningSandbox) -> None:
    session = sandbox.open_session(cents=5000)
    sandbox.pay(session.id, card=buyer.ACCEPTED)
    sandbox.refund_in_dashboard(sandbox.objects("payment_intent")[0]["id"])

    tell_all(client, sandbox, "charge.refunded")

    assert (refunds(), db.session.scalars(sa.select(Payment)).all()) == ([], [])

"""Card money that was moved to another order: it goes back to its card from there, and Stripe's own refunds find it."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.mandats import queries as mandats
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import PaymentStatus
from eventsapp.payments.errors import NothingToRefund
from eventsapp.payments.models import Payment, PaymentAlert, Refund
from eventsapp.payments.queries import journal_problems
from eventsapp.payments.statuses import AlertKind, PaymentKind, RefundState
from tests.checkout.looking import move, pay
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats
from tests.support.makers.payments import intent_of, paid_by_card
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("transaction")
NOW = datetime.now(UTC)


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


@pytest.fixture
def source(sandbox: RunningSandbox) -> Order:
    """An order paid by card."""
    return paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)


@pytest.fixture
def target(source: Order) -> Order:
    """One that awaits a mandat."""
    return place(seats(make_study_day(starts_at=NOW + timedelta(days=60))), now=NOW)


def refund(order: Order, cents: int, actor: User) -> None:
    with unit_of_work.transaction():
        checkout.refund_card(order.id, amount_cents=cents, reason="Geste", actor=actor, now=NOW)


def money(*orders: Order) -> list[tuple[int, int]]:
    db.session.expire_all()
    assert journal_problems() == broken() == []
    return [(order.paid_cents, order.refunded_cents) for order in orders]


def test_it_goes_back_to_its_card_from_where_it_is(
    sandbox: RunningSandbox, source: Order, target: Order, accountant: User
) -> None:
    move(source, target, 62100, accountant, now=NOW)
    assert [checkout.card_cents(order.id) for order in (source, target)] == [0, 62100]
    with pytest.raises(NothingToRefund):
        refund(source, 1, accountant)

    refund(target, 62100, accountant)

    assert checkout.ask_refunds(now=NOW).done == 1
    assert [(made["amount"], made["payment_intent"]) for made in sandbox.objects("refund")] == [
        (62100, sandbox.objects("payment_intent")[0]["id"])
    ]
    assert money(source, target) == [(0, 0), (62100, 62100)]
    assert checkout.find_money_back(now=NOW) == 0


def test_what_came_by_hand_is_moved_first(source: Order, target: Order, accountant: User) -> None:
    pay(source, 30000, now=NOW, reference="VIR", surely_too_much=True)

    move(source, target, 30000, accountant, now=NOW)
    assert [checkout.card_cents(order.id) for order in (source, target)] == [62100, 0]
    move(source, target, 10000, accountant, now=NOW)

    assert [checkout.card_cents(order.id) for order in (source, target)] == [52100, 10000]
    moved = db.session.execute(
        sa.select(Payment.amount_cents, Payment.origin_id).where(Payment.kind == PaymentKind.MOVED).order_by(Payment.id)
    ).all()
    (charged,) = db.session.scalars(sa.select(Payment.id).where(Payment.gateway_reference.is_not(None)))
    assert [tuple(row) for row in moved] == [(-30000, None), (30000, None), (-10000, charged), (10000, charged)]


def test_it_may_come_back_by_another_order(source: Order, target: Order, accountant: User) -> None:
    third = place(seats(make_study_day(starts_at=NOW + timedelta(days=60))), now=NOW)
    move(source, target, 62100, accountant, now=NOW)
    move(target, third, 62100, accountant, now=NOW)
    move(third, source, 62100, accountant, now=NOW)

    assert [checkout.card_cents(order.id) for order in (source, target, third)] == [62100, 0, 0]


@pytest.mark.parametrize("moved", [62100, 40000])
def test_a_refund_made_at_stripe_takes_it_from_where_it_is(
    sandbox: RunningSandbox, source: Order, target: Order, accountant: User, moved: int
) -> None:
    intent = intent_of(source)
    move(source, target, moved, accountant, now=NOW)
    sandbox.refund_in_dashboard(intent)

    assert [checkout.find_money_back(now=NOW) for _ in range(2)] == [1, 0]

    assert money(source, target) == [(62100, 62100), (0, 0)]
    assert (target.payment_status, target.balance_cents) == (PaymentStatus.DUE, 62100)
    dossier = mandats.of_order(target.id)
    assert dossier is not None
    assert dossier.status is MandatStatus.AWAITED
    assert [(row.reference, row.kind, row.amount_cents) for row in db.session.scalars(sa.select(PaymentAlert))] == [
        (target.reference, AlertKind.REFUND, moved),
        (source.reference, AlertKind.REFUND, 62100),
    ]


def test_a_refund_in_part_takes_first_what_was_not_moved(
    sandbox: RunningSandbox, source: Order, target: Order, accountant: User
) -> None:
    intent = intent_of(source)
    move(source, target, 40000, accountant, now=NOW)
    sandbox.refund_in_dashboard(intent, amount=22100)

    checkout.find_money_back(now=NOW)

    assert money(source, target) == [(22100, 22100), (40000, 0)]


def test_a_dispute_that_is_lost_takes_it_from_where_it_is(
    sandbox: RunningSandbox, source: Order, target: Order, accountant: User
) -> None:
    made = sandbox.dispute_in_dashboard(intent_of(source))
    move(source, target, 62100, accountant, now=NOW)
    sandbox.close_dispute(made["id"], won=False)

    checkout.find_money_back(now=NOW)

    assert money(source, target) == [(62100, 62100), (0, 0)]


def test_a_refund_from_there_that_fails_is_told_of_there(
    sandbox: RunningSandbox, source: Order, target: Order, accountant: User
) -> None:
    move(source, target, 62100, accountant, now=NOW)
    refund(target, 62100, accountant)
    checkout.ask_refunds(now=NOW)
    sandbox.fail_refund(sandbox.objects("refund")[0]["id"])

    checkout.find_money_back(now=NOW)

    assert money(source, target) == [(0, 0), (62100, 0)]
    assert db.session.scalars(sa.select(Refund.state)).all() == [RefundState.FAILED]
    assert db.session.scalars(sa.select(PaymentAlert.reference)).all() == [target.reference]

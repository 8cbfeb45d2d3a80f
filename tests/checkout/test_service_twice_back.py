"""Money that the office gave back by hand, and that Stripe or a card's bank then gives back too: the office is told."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.orders.models import Order
from eventsapp.payments.models import PaymentAlert, Refund
from eventsapp.payments.statuses import AlertKind
from tests.checkout.looking import move
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.payments import intent_of, paid_by_card
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("transaction")
NOW = datetime.now(UTC)


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


@pytest.fixture
def order(sandbox: RunningSandbox) -> Order:
    return paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)


@pytest.fixture
def other(sandbox: RunningSandbox, order: Order) -> Order:
    return paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=61)), 2, now=NOW)


def give_back_by_hand(order: Order, cents: int, actor: User) -> None:
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id,
            amount_cents=cents,
            refunded_on=NOW.date(),
            reason="Annulation",
            actor=actor,
            now=NOW,
            surely_new=True,
        )


def money(*orders: Order) -> list[tuple[int, int]]:
    db.session.expire_all()
    return [(order.paid_cents, order.refunded_cents) for order in orders]


def told(order: Order, kind: AlertKind) -> str:
    """Return what the only alert of that kind about an order says, spaces that do not break as others."""
    rows = sa.select(PaymentAlert.problem).where(PaymentAlert.order_id == order.id, PaymentAlert.kind == kind)
    return db.session.scalars(rows).one().replace("\u00a0", " ")


def test_a_refund_made_at_stripe_after_one_by_hand_says_what_is_too_much(
    sandbox: RunningSandbox, order: Order, accountant: User
) -> None:
    give_back_by_hand(order, 60000, accountant)
    sandbox.refund_in_dashboard(intent_of(order))

    assert [checkout.find_money_back(now=NOW) for _ in range(2)] == [1, 0]

    assert money(order) == [(62100, 122100)]
    assert told(order, AlertKind.REFUND).endswith(" ; en tout, 600,00 € ont été rendus en trop")
    assert broken() == []


def test_one_that_leaves_no_more_than_came_in_says_nothing_of_it(
    sandbox: RunningSandbox, order: Order, accountant: User
) -> None:
    give_back_by_hand(order, 10000, accountant)
    sandbox.refund_in_dashboard(intent_of(order), amount=52100)

    checkout.find_money_back(now=NOW)

    assert money(order) == [(62100, 62100)]
    assert told(order, AlertKind.REFUND) == "521,00 € remboursés chez Stripe, sans passer par la commande"


def test_a_dispute_lost_after_a_refund_by_hand_says_what_is_too_much(
    sandbox: RunningSandbox, order: Order, accountant: User
) -> None:
    made = sandbox.dispute_in_dashboard(intent_of(order))
    give_back_by_hand(order, 62100, accountant)
    sandbox.close_dispute(made["id"], won=False)

    checkout.find_money_back(now=NOW)

    assert money(order) == [(62100, 124200)]
    assert told(order, AlertKind.DISPUTE_LOST).endswith(" ; en tout, 621,00 € ont été rendus en trop")
    assert broken() == []


def test_moved_money_given_back_by_hand_and_taken_by_its_card_is_too_much_where_it_lay(
    sandbox: RunningSandbox, order: Order, other: Order, accountant: User
) -> None:
    give_back_by_hand(order, 62100, accountant)
    intents = intent_of(order), intent_of(other)
    made = sandbox.dispute_in_dashboard(intents[1])
    move(other, order, 12900, accountant, now=NOW)
    sandbox.refund_in_dashboard(intents[0])
    # The refund, and that the other is contested.
    assert checkout.find_money_back(now=NOW) == 2
    sandbox.close_dispute(made["id"], won=False)
    assert checkout.find_money_back(now=NOW) == 1

    assert money(order, other) == [(62100, 124200), (62100, 62100)]
    assert told(order, AlertKind.REFUND).endswith(" ; en tout, 492,00 € ont été rendus en trop")
    assert told(order, AlertKind.DISPUTE_LOST).endswith(" ; en tout, 621,00 € ont été rendus en trop")
    assert told(other, AlertKind.DISPUTE_LOST) == "contestation perdue : 621,00 € repris par la banque du porteur"
    assert broken() == []


def test_a_refund_given_up_and_made_by_hand_that_took_place_after_all_is_told(
    sandbox: RunningSandbox, order: Order, accountant: User
) -> None:
    with unit_of_work.transaction():
        checkout.refund_card(order.id, amount_cents=62100, reason="Geste", actor=accountant, now=NOW)
    sandbox.turn(reset_next=2, fault_path="refunds")
    checkout.ask_refunds(now=NOW)
    sandbox.turn(reset_next=0)
    with unit_of_work.transaction():
        checkout.give_up_refund(db.session.scalars(sa.select(Refund.id)).one(), actor=accountant, now=NOW)
    give_back_by_hand(order, 62100, accountant)

    # Its answer was lost: it is there.
    assert [checkout.find_money_back(now=NOW) for _ in range(2)] == [1, 0]

    assert money(order) == [(62100, 124200)]
    assert told(order, AlertKind.REFUND) == (
        "le remboursement de 621,00 € a eu lieu chez Stripe, après avoir cessé de compter ; "
        "en tout, 621,00 € ont été rendus en trop"
    )
    assert broken() == []

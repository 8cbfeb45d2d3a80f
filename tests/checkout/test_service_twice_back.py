"""Money given back by hand, or asked of Stripe, that Stripe or a card's bank gives back too: the office is told."""

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


def ask_for(order: Order, cents: int, actor: User) -> None:
    """Write down what goes back to the card; Stripe is not asked yet."""
    with unit_of_work.transaction():
        checkout.refund_card(order.id, amount_cents=cents, reason="Geste", actor=actor, now=NOW)


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


def alerts(order: Order) -> list[tuple[str, bool]]:
    """Return what the alerts about an order say, the first first, and whether they are dealt with."""
    rows = sa.select(PaymentAlert).where(PaymentAlert.order_id == order.id).order_by(PaymentAlert.id)
    return [(row.problem.replace("\u00a0", " "), row.handled_at is not None) for row in db.session.scalars(rows)]


def given_back_three_times(sandbox: RunningSandbox, order: Order, actor: User) -> None:
    """Have 300 € of 621 given back by hand and as much on Stripe's pages, and the rest only asked for."""
    give_back_by_hand(order, 30000, actor)
    ask_for(order, 32100, actor)
    sandbox.refund_in_dashboard(intent_of(order), amount=30000)
    checkout.find_money_back(now=NOW)
    assert broken() == []


def give_up_what_was_made(sandbox: RunningSandbox, order: Order, actor: User) -> None:
    """Ask for all to go back, lose Stripe's answers, and count it no more."""
    ask_for(order, 62100, actor)
    sandbox.turn(reset_next=2, fault_path="refunds")
    checkout.ask_refunds(now=NOW)
    sandbox.turn(reset_next=0)
    with unit_of_work.transaction():
        checkout.give_up_refund(db.session.scalars(sa.select(Refund.id)).one(), actor=actor, now=NOW)


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
    give_up_what_was_made(sandbox, order, accountant)
    give_back_by_hand(order, 62100, accountant)

    # Its answer was lost: it is there.
    assert [checkout.find_money_back(now=NOW) for _ in range(2)] == [1, 0]

    assert money(order) == [(62100, 124200)]
    assert told(order, AlertKind.REFUND) == (
        "le remboursement de 621,00 € a eu lieu chez Stripe, après avoir cessé de compter ; "
        "en tout, 621,00 € ont été rendus en trop"
    )
    assert broken() == []


def test_what_is_only_asked_for_is_not_too_much_yet(sandbox: RunningSandbox, order: Order, accountant: User) -> None:
    ask_for(order, 62100, accountant)
    sandbox.refund_in_dashboard(intent_of(order))

    checkout.find_money_back(now=NOW)
    assert told(order, AlertKind.REFUND) == "621,00 € remboursés chez Stripe, sans passer par la commande"
    assert broken() == []

    # Nothing is left of the payment: Stripe refuses what was asked for.
    assert checkout.ask_refunds(now=NOW).failed == 1
    assert money(order) == [(62100, 62100)]
    assert told(order, AlertKind.REFUND) == "621,00 € remboursés chez Stripe, sans passer par la commande"
    assert broken() == []


def test_what_was_asked_for_is_too_much_once_stripe_has_made_it(
    sandbox: RunningSandbox, order: Order, accountant: User
) -> None:
    given_back_three_times(sandbox, order, accountant)

    assert checkout.ask_refunds(now=NOW).done == 1

    assert money(order) == [(62100, 92100)]
    assert alerts(order) == [
        ("300,00 € remboursés chez Stripe, sans passer par la commande", False),
        (
            "le remboursement de 321,00 € a eu lieu chez Stripe ; en tout, 300,00 € ont été rendus en trop",
            False,
        ),
    ]
    assert broken() == []


def test_what_the_bank_sends_back_is_too_much_no_more(sandbox: RunningSandbox, order: Order, accountant: User) -> None:
    given_back_three_times(sandbox, order, accountant)
    checkout.ask_refunds(now=NOW)
    made = db.session.scalars(sa.select(Refund).where(Refund.amount_cents == 32100)).one()

    sandbox.fail_refund(made.gateway_reference or "")
    assert [checkout.find_money_back(now=NOW) for _ in range(2)] == [1, 0]

    assert money(order) == [(62100, 60000)]
    told_of = alerts(order)
    assert [is_handled for _problem, is_handled in told_of] == [False, True, False]
    assert told_of[2][0].startswith("le remboursement de 321,00 € n’a pas eu lieu")
    assert broken() == []


def test_what_is_asked_for_while_a_dispute_is_lost_is_not_too_much(
    sandbox: RunningSandbox, order: Order, accountant: User
) -> None:
    made = sandbox.dispute_in_dashboard(intent_of(order))
    ask_for(order, 62100, accountant)
    sandbox.close_dispute(made["id"], won=False)

    checkout.find_money_back(now=NOW)
    assert broken() == []

    assert checkout.ask_refunds(now=NOW).failed == 1
    assert money(order) == [(62100, 62100)]
    assert told(order, AlertKind.DISPUTE_LOST) == "contestation perdue : 621,00 € repris par la banque du porteur"
    assert broken() == []


def test_what_is_asked_for_again_is_not_too_much_once_the_first_took_place(
    sandbox: RunningSandbox, order: Order, accountant: User
) -> None:
    give_up_what_was_made(sandbox, order, accountant)
    ask_for(order, 62100, accountant)

    assert checkout.find_money_back(now=NOW) == 1
    assert [problem for problem, _is_handled in alerts(order)] == []
    assert broken() == []

    assert checkout.ask_refunds(now=NOW).failed == 1
    assert money(order) == [(62100, 62100)]
    assert broken() == []

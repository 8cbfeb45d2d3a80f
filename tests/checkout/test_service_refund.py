"""Money that goes back to cards: asked once, whatever stops in between; over the wire, against the sandbox."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import PaymentStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payment_queries
from eventsapp.payments.errors import GatewayRefused, NothingToRefund, RefundClosed
from eventsapp.payments.models import PaymentAlert, Refund
from eventsapp.payments.queries import journal_problems
from eventsapp.payments.statuses import AlertKind, RefundState
from eventsapp.payments.values import MoneyBack
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats
from tests.support.makers.payments import intent_of, paid_by_card
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("transaction")

NOW = datetime.now(UTC)


@pytest.fixture
def order(sandbox: RunningSandbox) -> Order:
    return paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)


def refund(order: Order, cents: int, *, key: str | None = None) -> int:
    accountant = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        return checkout.refund_card(
            order.id, amount_cents=cents, reason="Geste", actor=accountant, now=NOW, form_key=key
        )


def states() -> list[tuple[int, RefundState]]:
    db.session.expire_all()
    return [(row.amount_cents, row.state) for row in db.session.scalars(sa.select(Refund).order_by(Refund.id))]


def at_stripe(sandbox: RunningSandbox) -> list[int]:
    return [made["amount"] for made in sandbox.objects("refund")]


def test_a_refund_is_written_down_and_counted_before_stripe_is_asked(sandbox: RunningSandbox, order: Order) -> None:
    assert refund(order, 10000) == 10000

    assert states() == [(10000, RefundState.ASKED)]
    assert (order.refunded_cents, at_stripe(sandbox)) == (10000, [])


def test_what_was_written_down_is_asked_for_once_however_often(sandbox: RunningSandbox, order: Order) -> None:
    refund(order, 10000)
    refund(order, 52100)

    asked = [checkout.ask_refunds(now=NOW) for _ in range(3)]

    assert [(one.done, one.failed, one.waiting) for one in asked] == [(2, 0, 0), (0, 0, 0), (0, 0, 0)]
    assert at_stripe(sandbox) == [52100, 10000]
    assert states() == [(10000, RefundState.DONE), (52100, RefundState.DONE)]
    assert order.payment_status is PaymentStatus.REFUNDED


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=2)])
def test_a_refund_whose_answer_was_lost_is_found_not_made_again(
    sandbox: RunningSandbox, order: Order, later: timedelta
) -> None:
    refund(order, 10000)
    sandbox.turn(reset_next=2, fault_path="refunds")
    assert checkout.ask_refunds(now=NOW).waiting == 1
    assert at_stripe(sandbox) == [10000]
    sandbox.turn(reset_next=0, clock_ahead_seconds=int(later.total_seconds()))

    assert checkout.ask_refunds(now=NOW + later).done == 1

    assert (at_stripe(sandbox), states()) == ([10000], [(10000, RefundState.DONE)])


@pytest.mark.parametrize("processed", [True, False])
def test_an_error_of_stripe_itself_is_asked_again_under_another_key(
    sandbox: RunningSandbox, order: Order, processed: bool
) -> None:
    refund(order, 10000)
    sandbox.turn(fail_next=1, fail_after_processing=processed, fault_path="refunds")
    assert checkout.ask_refunds(now=NOW).waiting == 1

    assert checkout.ask_refunds(now=NOW).done == 1

    assert at_stripe(sandbox) == [10000]


@pytest.fixture
def unknown(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    """An order whose payment Stripe knows no more, as after a change of account."""
    payment_id, ask = intent_of(order), gateway.money_back

    def money_back(asked_for: str) -> MoneyBack:
        if asked_for == payment_id:
            raise GatewayRefused("non") from ValueError("No such payment_intent")
        return ask(asked_for)

    monkeypatch.setattr(gateway, "money_back", money_back)
    return order


def asked_long_ago() -> None:
    """Let so much time pass that a refund is looked for at Stripe before it is asked for."""
    db.session.execute(sa.update(Refund).values(recorded_at=NOW - timedelta(days=1)))
    db.session.commit()


def test_a_refund_that_stripe_answers_with_an_error_stops_no_other(sandbox: RunningSandbox, unknown: Order) -> None:
    other = paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=60)), 2, now=NOW)
    refund(unknown, 10000)
    refund(other, 20000)
    asked_long_ago()

    asked = checkout.ask_refunds(now=NOW)

    assert (asked.done, asked.waiting) == (1, 1)
    assert states() == [(10000, RefundState.ASKED), (20000, RefundState.DONE)]


def test_a_refund_that_never_gets_an_answer_becomes_an_alert_once(unknown: Order) -> None:
    refund(unknown, 10000)
    asked_long_ago()

    now = NOW
    for _minute in range(60):
        checkout.ask_refunds(now=now)
        now += timedelta(minutes=1)

    row = db.session.scalars(sa.select(Refund)).one()
    assert (row.tries, row.state) == (7, RefundState.ASKED)
    alert = db.session.scalars(sa.select(PaymentAlert)).one()
    assert alert.kind is AlertKind.REFUND_STUCK
    assert "n’est pas confirmé après 5 essais ; Stripe répond par une erreur (ValueError: No such" in alert.problem


def test_stripe_is_left_in_peace_after_three_silences_and_everybody_has_a_turn(
    sandbox: RunningSandbox, order: Order
) -> None:
    for _each in range(5):
        refund(order, 100)
    sandbox.turn(reset_next=6, fault_path="refunds")

    silent = checkout.ask_refunds(now=NOW)
    after = payment_queries.asked_refunds(now=NOW)
    sandbox.turn(reset_next=0)

    assert (silent.waiting, len(after)) == (3, 5)
    assert after == sorted(after[:2]) + sorted(after[2:])
    assert after[0] > after[-1]
    assert checkout.ask_refunds(now=NOW).done == 5


def test_what_the_office_gives_up_counts_no_more_unless_stripe_made_it_after_all(
    sandbox: RunningSandbox, order: Order
) -> None:
    accountant = make_user(RoleName.ACCOUNTANT)
    refund(order, 10000)
    sandbox.turn(reset_next=2, fault_path="refunds")
    checkout.ask_refunds(now=NOW)
    sandbox.turn(reset_next=0)
    row_id = db.session.scalars(sa.select(Refund.id)).one()
    with unit_of_work.transaction():
        checkout.give_up_refund(row_id, actor=accountant, now=NOW)
    assert (states(), order.refunded_cents) == ([(10000, RefundState.FAILED)], 0)
    with pytest.raises(RefundClosed):
        checkout.give_up_refund(row_id, actor=accountant, now=NOW)

    # Its answer was lost: it is there.
    assert checkout.find_money_back(now=NOW) == 1

    assert (states(), order.refunded_cents) == ([(10000, RefundState.DONE)], 10000)
    assert db.session.scalars(sa.select(PaymentAlert)).all() == []
    assert journal_problems() == []


def test_what_stripe_refuses_counts_no_more_and_is_told_the_office(sandbox: RunningSandbox, order: Order) -> None:
    sandbox.dispute_in_dashboard(intent_of(order))
    refund(order, 10000)

    assert checkout.ask_refunds(now=NOW).failed == 1

    assert (states(), order.refunded_cents) == ([(10000, RefundState.FAILED)], 0)
    alert = db.session.scalars(sa.select(PaymentAlert)).one()
    assert alert.kind is AlertKind.REFUND_FAILED
    told = "le porteur de la carte conteste ce paiement (charge_disputed)"
    assert alert.problem == f"le remboursement de 100,00\u00a0€ n’a pas eu lieu : {told}"


def test_no_more_goes_back_than_came_in_and_what_was_asked_counts(sandbox: RunningSandbox, order: Order) -> None:
    refund(order, 62000)

    with pytest.raises(NothingToRefund):
        refund(order, 101)

    assert refund(order, 100) == 100


def test_a_form_sent_twice_counts_once(sandbox: RunningSandbox, order: Order) -> None:
    assert [refund(order, 10000, key="k" * 20) for _ in range(2)] == [10000, 0]


def test_money_that_came_by_cheque_does_not_go_to_a_card() -> None:
    order = place(seats(make_study_day(starts_at=NOW + timedelta(days=60))), payment_method="cheque", now=NOW)
    pay(order, 62100, now=NOW, reference="chq")

    assert checkout.card_cents(order.id) == 0
    with pytest.raises(NothingToRefund):
        refund(order, 100)

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
from eventsapp.payments.errors import NothingToRefund
from eventsapp.payments.models import PaymentAlert, Refund
from eventsapp.payments.statuses import AlertKind, RefundState
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


def test_what_stripe_refuses_counts_no_more_and_is_told_the_office(sandbox: RunningSandbox, order: Order) -> None:
    sandbox.dispute_in_dashboard(intent_of(order))
    refund(order, 10000)

    assert checkout.ask_refunds(now=NOW).failed == 1

    assert (states(), order.refunded_cents) == ([(10000, RefundState.FAILED)], 0)
    alert = db.session.scalars(sa.select(PaymentAlert)).one()
    assert (alert.kind, alert.problem) == (
        AlertKind.REFUND_FAILED,
        "le remboursement de 100,00\u00a0€ n’a pas eu lieu : charge_disputed",
    )


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

"""Money at Stripe has the day on which it moved there, where the seller is, whenever we hear of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.invoices import queries as invoices
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments.models import JournalEntry, Payment, Refund
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats
from tests.support.makers.payments import card_order, intent_of
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("transaction")
YEAR = datetime.now(UTC).year
#: In Angers it is nine in the evening, and half past midnight of the new year.
IN_THE_EVENING = datetime(YEAR, 12, 31, 20, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(YEAR, 12, 31, 23, 30, tzinfo=UTC)
TWO_DAYS_LATER = datetime(YEAR + 1, 1, 2, 9, tzinfo=UTC)


def at(sandbox: RunningSandbox, moment: datetime) -> None:
    """Let it be that moment at Stripe."""
    sandbox.turn(clock_ahead_seconds=int((moment - datetime.now(UTC)).total_seconds()))


def paid_at_stripe(sandbox: RunningSandbox, moment: datetime) -> Order:
    """Pay an order at that moment; nobody tells us."""
    at(sandbox, moment)
    order = card_order(make_study_day(starts_at=moment + timedelta(days=60)), now=moment - timedelta(minutes=5))
    (page,) = payments.card_sessions_of(order.id)
    sandbox.pay(page.session_id or "", card=buyer.ACCEPTED)
    return order


@pytest.mark.parametrize(
    ("moment", "day"), [(IN_THE_EVENING, date(YEAR, 12, 31)), (AFTER_MIDNIGHT, date(YEAR + 1, 1, 1))]
)
def test_a_payment_found_days_later_has_the_day_on_which_the_card_was_charged(
    sandbox: RunningSandbox, moment: datetime, day: date
) -> None:
    order = paid_at_stripe(sandbox, moment)

    assert checkout.reconcile(now=TWO_DAYS_LATER) == 1

    assert db.session.scalars(sa.select(Payment.received_on)).all() == [day]
    assert db.session.scalars(sa.select(JournalEntry.moved_on)).all() == [day]
    (invoice,) = invoices.of_order(order.id)
    # An invoice is of the day on which it is issued, and says when it was paid.
    assert invoice.issued_on == date(YEAR + 1, 1, 2)
    assert invoices.content_of(invoice).paid_on == day


def test_a_refund_made_at_stripe_has_its_day_there(sandbox: RunningSandbox) -> None:
    order = paid_at_stripe(sandbox, IN_THE_EVENING)
    checkout.reconcile(now=IN_THE_EVENING)
    at(sandbox, AFTER_MIDNIGHT)
    sandbox.refund_in_dashboard(intent_of(order), amount=10000)

    assert checkout.find_money_back(now=TWO_DAYS_LATER) == 1

    assert db.session.scalars(sa.select(Refund.refunded_on)).all() == [date(YEAR + 1, 1, 1)]


def test_a_refund_that_we_asked_for_has_the_day_on_which_stripe_made_it(sandbox: RunningSandbox) -> None:
    order = paid_at_stripe(sandbox, IN_THE_EVENING)
    checkout.reconcile(now=IN_THE_EVENING)
    accountant = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.refund_card(order.id, amount_cents=100, reason="Geste", actor=accountant, now=IN_THE_EVENING)
    at(sandbox, AFTER_MIDNIGHT)
    sandbox.turn(reset_next=2, fault_path="refunds")
    checkout.ask_refunds(now=AFTER_MIDNIGHT)
    sandbox.turn(reset_next=0)

    checkout.ask_refunds(now=TWO_DAYS_LATER)

    assert db.session.scalars(sa.select(Refund.refunded_on)).all() == [date(YEAR + 1, 1, 1)]


def test_a_dispute_that_is_lost_has_the_day_on_which_the_bank_took_the_money(sandbox: RunningSandbox) -> None:
    order = paid_at_stripe(sandbox, IN_THE_EVENING)
    checkout.reconcile(now=IN_THE_EVENING)
    at(sandbox, AFTER_MIDNIGHT)
    made = sandbox.dispute_in_dashboard(intent_of(order))
    sandbox.close_dispute(made["id"], won=False)

    assert checkout.find_money_back(now=TWO_DAYS_LATER) == 1

    assert db.session.scalars(sa.select(Refund.refunded_on)).all() == [date(YEAR + 1, 1, 1)]


def test_a_clock_that_is_ahead_of_ours_dates_nothing_in_the_future(sandbox: RunningSandbox) -> None:
    paid_at_stripe(sandbox, AFTER_MIDNIGHT)

    checkout.reconcile(now=AFTER_MIDNIGHT - timedelta(hours=1))

    assert db.session.scalars(sa.select(Payment.received_on)).all() == [date(YEAR, 12, 31)]


def test_an_order_is_dated_where_the_seller_is(sandbox: RunningSandbox) -> None:
    order = place(seats(make_study_day(starts_at=AFTER_MIDNIGHT + timedelta(days=60))), now=AFTER_MIDNIGHT)

    assert invoices.of_order(order.id)[0].issued_on == date(YEAR + 1, 1, 1)

"""``flask doctor`` says nothing of what holds, and names what does not."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core.db import db
from eventsapp.ops import doctor
from eventsapp.payments import queries as payments
from eventsapp.payments import rules
from eventsapp.payments.models import JournalEntry
from eventsapp.payments.statuses import EventState
from tests.checkout.looking import pay
from tests.support.makers.events import make_event
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture(autouse=True)
def money_moved(transaction: None) -> None:
    """Two orders, paid in three parts."""
    order, other = place(seats(make_study_day()), payment_method="cheque"), place(subscription(make_plan()))
    pay(order, 62000, reference="1")
    pay(order, 100, reference="2")
    pay(other, 12900)


def wrong() -> dict[str, Sequence[str]]:
    return {name: problems for name, problems in doctor.examine(now=NOW) if problems}


def change(statement: str) -> None:
    db.session.execute(sa.text(statement))
    db.session.expire_all()


def test_nothing_is_said_of_what_holds() -> None:
    assert wrong() == {}


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE study_days SET seats_taken = seats_taken + 1", "I1 seats"),
        ("UPDATE order_lines SET unit_price_cents = 1, total_cents = 1", "I2 totals"),
        ("UPDATE orders SET paid_cents = paid_cents - 1", "I3 money"),
        ("UPDATE payments SET amount_cents = amount_cents + 1", "I3 journal"),
        ("UPDATE number_series SET last = last + 1", "I4 numbers"),
        ("DELETE FROM audit_entries WHERE action = 'payments.record'", "I7 history"),
        ("UPDATE outgoing_mails SET status = 'sending', claimed_at = '2020-01-01 00:00:00+00:00'", "I8 mails"),
    ],
)
def test_what_does_not_hold_is_named(statement: str, name: str) -> None:
    change(statement)

    assert name in wrong()


@pytest.mark.parametrize(
    ("state", "minutes", "words"),
    [
        (EventState.SET_ASIDE, 0, "message evt_1 (checkout.session.completed) is set aside: Stripe refuse"),
        (EventState.WAITING, 61, "message evt_1 (checkout.session.completed) waits for too long: Stripe refuse"),
        (EventState.WAITING, 59, None),
        (EventState.FILED, 0, None),
    ],
)
def test_a_message_of_stripe_that_nobody_deals_with_is_named(
    state: EventState, minutes: int, words: str | None
) -> None:
    make_event(state, event_id="evt_1", detail="Stripe refuse", received_at=NOW - timedelta(minutes=minutes))

    assert wrong() == ({} if words is None else {"Stripe's messages": [words]})


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE payment_journal SET amount_cents = 1 WHERE rank = 2", "line 2"),
        ("UPDATE payment_journal SET moved_on = '2026-01-01' WHERE rank = 1", "line 1"),
        ("UPDATE payment_journal SET reference = 'x' WHERE rank = 3", "line 3"),
        ("DELETE FROM payment_journal WHERE rank = 2", "follows line 1"),
        ("DELETE FROM payment_journal WHERE rank = 3", "ends at line 2"),
        ("UPDATE payment_journal_heads SET rank = 2", "ends at line 3"),
    ],
)
def test_a_journal_changed_by_hand_is_noticed(statement: str, words: str) -> None:
    assert payments.journal_problems() == []
    change(statement)

    assert words in "; ".join(payments.journal_problems())


def test_a_line_sealed_again_breaks_the_one_after(seal_again: Callable[[int], None]) -> None:
    seal_again(1)

    assert "does not hold the hash of the line before" in "; ".join(payments.journal_problems())


@pytest.fixture
def seal_again() -> Callable[[int], None]:
    """Change a line and give it the hash of what it says now, as who knows the code would."""

    def do(rank: int) -> None:
        entry = db.session.scalars(sa.select(JournalEntry).filter_by(rank=rank)).one()
        entry.amount_cents = 5
        entry.hash = rules.seal(entry.previous_hash, payments.journal_content(entry))
        db.session.flush()

    return do


def test_the_command_ends_in_an_error_when_something_is_wrong(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["doctor"]).exit_code == 0

    change("UPDATE payment_journal SET amount_cents = 1 WHERE rank = 2")

    answer = runner.invoke(args=["doctor"])
    assert answer.exit_code == 1
    assert "was changed after it was written" in answer.output

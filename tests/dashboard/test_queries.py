"""What the first page counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventsapp.accounts.access import Permission
from eventsapp.dashboard import queries
from eventsapp.study_days.models import StudyDay
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction", "frozen")

TODAY = date(2026, 11, 23)


def _curve(day: StudyDay) -> queries.Curve:
    return queries.curves([day], today=TODAY)[0]


def test_a_registration_after_midnight_belongs_to_the_day_that_has_begun_here() -> None:
    day = make_study_day(starts_at=datetime(2026, 11, 30, 8, tzinfo=UTC))
    # Half past midnight of the 21st in Paris, still the 20th in UTC.
    place(seats(day), now=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

    assert [(distance, count) for distance, count in _curve(day).points if 8 <= distance <= 11] == [
        (11, 0), (10, 0), (9, 1), (8, 1),
    ]  # fmt: skip


def test_trials_enter_no_number_once_something_real_is_ordered() -> None:
    day = make_study_day(starts_at=NOW + timedelta(days=20))
    long_ago = NOW - timedelta(days=60)
    trial = place(seats(day, an_attendee(1)), now=long_ago, is_test=True)
    assert _curve(day).total == 1

    real = place(seats(day, an_attendee(2), an_attendee(3)), now=long_ago)

    waiting = queries.waiting({Permission.ORDERS_VIEW}, now=NOW, today=TODAY)
    assert _curve(day).total == 2
    assert (waiting.late_orders, waiting.late_cents) == (1, real.total_cents)
    assert [line.total for line in queries.money_awaited(now=NOW, today=TODAY)] == [real.total_cents]
    assert trial.total_cents == 62100

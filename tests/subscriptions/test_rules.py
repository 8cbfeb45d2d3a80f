"""When subscriptions start and end."""

from datetime import date

import pytest

from eventsapp.subscriptions import rules


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 14)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 12, 1), 24, date(2028, 11, 30)),
    ],
)
def test_the_last_day_is_the_one_before_the_same_date(start: date, months: int, end: date) -> None:
    assert rules.last_day(starts_on=start, months=months) == end


def test_a_month_too_short_ends_on_its_last_day() -> None:
    assert rules.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert rules.add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("current_end", "first"),
    [
        (None, date(2026, 11, 23)),
        (date(2026, 11, 22), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 24)),
        (date(2027, 5, 31), date(2027, 6, 1)),
    ],
)
def test_a_renewal_begins_where_the_present_one_ends(current_end: date | None, first: date) -> None:
    assert rules.first_day(today=date(2026, 11, 23), current_end=current_end) == first

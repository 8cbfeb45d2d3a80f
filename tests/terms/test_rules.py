"""Until when a consumer may withdraw."""

from datetime import date

import pytest

from eventsapp.terms import rules


@pytest.mark.parametrize(
    ("ordered_on", "last"),
    [
        (date(2026, 11, 23), date(2026, 12, 7)),
        # A Saturday and a Sunday; Christmas, which is a Friday, with the weekend after it.
        (date(2026, 11, 28), date(2026, 12, 14)),
        (date(2026, 12, 11), date(2026, 12, 28)),
        # Easter Monday and Whit Monday of 2027, Ascension Day.
        (date(2027, 3, 15), date(2027, 3, 30)),
        (date(2027, 5, 3), date(2027, 5, 18)),
        (date(2027, 4, 22), date(2027, 5, 7)),
    ],
)
def test_a_last_day_on_which_nobody_works_is_put_off(ordered_on: date, last: date) -> None:
    assert rules.withdrawal_ends(ordered_on, days=14) == last


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))],
)
def test_easter_is_on_its_sunday(year: int, sunday: date) -> None:
    assert rules.easter(year) == sunday

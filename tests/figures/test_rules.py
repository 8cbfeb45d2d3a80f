"""Who is no reader, which months a period has, and how long after a day somebody is led by it."""

from datetime import date

import pytest

from eventsapp.figures import rules

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("name", "is_bot"),
    [
        (FIREFOX, False),
        (SAFARI, False),
        ("", True),
        ("curl/8.5.0", True),
        ("python-requests/2.32", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)", True),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36", True),
        ("facebookexternalhit/1.1", True),
    ],
)
def test_programs_are_told_from_readers_by_what_they_call_themselves(name: str, is_bot: bool) -> None:
    assert rules.is_bot(name) is is_bot


def test_a_period_has_its_months_and_a_page_the_last_two_years_of_them() -> None:
    assert rules.months_of(date(2026, 11, 30), date(2027, 1, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]
    many = rules.months_of(date(2001, 1, 1), date(2026, 11, 30))
    assert (len(many), many[0], many[-1]) == (rules.MOST_MONTHS, date(2024, 12, 1), date(2026, 11, 1))
    assert rules.months_of(date.min, date(1, 2, 3)) == [date(1, 1, 1), date(1, 2, 1)]
    assert rules.months_of(date(9999, 12, 1), date.max) == [date(9999, 12, 1)]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 15), -11, date(2025, 2, 15)),
    ],
)
def test_months_after_a_day_end_with_the_month_where_they_have_to(day: date, months: int, expected: date) -> None:
    assert rules.months_after(day, months) == expected


def test_the_usual_period_is_twelve_months_up_to_today() -> None:
    first, last = rules.usual_period(date(2026, 11, 23))

    assert (first, last) == (date(2025, 12, 1), date(2026, 11, 23))
    assert len(rules.months_of(first, last)) == 12


def test_names_of_months_do_not_touch() -> None:
    year = rules.months_of(date(2026, 1, 1), date(2026, 12, 31))
    assert rules.labels_every(year) == 1
    assert rules.labels_every(rules.months_of(date(2025, 1, 1), date(2026, 12, 31))) > 1

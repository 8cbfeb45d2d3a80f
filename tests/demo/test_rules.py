"""Dates counted from today, and SIRETs of nobody."""

from datetime import date, timedelta

import pytest
from stdnum.fr import siret as stdnum_siret

from eventsapp.core.settings import zone
from eventsapp.demo import rules
from eventsapp.organisations.rules import siret_problem

MONDAY, THURSDAY = 1, 4


@pytest.mark.parametrize("today", [date(2026, 11, 23) + timedelta(days=days) for days in range(7)], ids=str)
def test_a_week_is_counted_from_the_one_of_today(today: date) -> None:
    assert rules.day_on(today, weeks=2, weekday=THURSDAY) == date(2026, 12, 10)
    assert rules.day_on(today, weeks=-7, weekday=THURSDAY) == date(2026, 10, 8)


def test_nobody_meets_on_a_holiday() -> None:
    before_christmas = date(2026, 11, 27)

    assert rules.day_on(before_christmas, weeks=4, weekday=5) == date(2027, 1, 8), "25 December, then 1 January"
    assert rules.day_on(date(2027, 4, 29), weeks=1, weekday=THURSDAY) == date(2027, 5, 13), "Ascension Day"
    assert rules.day_on(date(2027, 3, 15), weeks=2, weekday=MONDAY) == date(2027, 4, 5), "Easter Monday"
    assert rules.day_on(date(2026, 12, 31), weeks=-1, weekday=THURSDAY) == date(2026, 12, 17), "24 December"


def test_orders_of_a_week_end_are_of_its_friday() -> None:
    friday = date(2026, 11, 20)

    assert [rules.working_day_before(friday + timedelta(days=days)) for days in (0, 1, 2, 3)] == [
        friday,
        friday,
        friday,
        date(2026, 11, 23),
    ]


def test_sentences_are_told_apart() -> None:
    assert rules.sentences("Un audit, en 2006. Commun ? Oui.") == ["Un audit, en 2006.", "Commun ?", "Oui."]


def test_months_are_counted_back_over_the_year() -> None:
    assert rules.month_before(date(2026, 2, 28), 0) == date(2026, 2, 1)
    assert rules.month_before(date(2026, 2, 28), 3) == date(2025, 11, 1)


def test_moments_are_of_office_hours() -> None:
    hours = {rules.at(date(2026, 11, 23), number, zone("Europe/Paris")).hour for number in range(200)}

    assert hours == set(range(8, 18))


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [("commune", "2100"), ("departement", "2200"), ("intercommunal", "2400"), ("other", "2500"), ("social", "2600")],
)
def test_a_made_up_siret_is_valid_and_of_a_department_that_does_not_exist(kind: str, prefix: str) -> None:
    numbers = [rules.fictional_siret(kind, number) for number in range(1, 40)]

    assert {number[:4] for number in numbers} == {prefix}
    assert {siret_problem(number) for number in numbers} == {None}
    assert all(stdnum_siret.is_valid(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("today", [date(2026, 12, 25), date(2027, 2, 27), date(2027, 3, 1)])
def test_a_day_of_today_is_held_whatever_the_date(today: date) -> None:
    assert rules.day_on(today, weeks=0, weekday=0) == today

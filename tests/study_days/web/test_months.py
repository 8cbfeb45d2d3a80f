"""Months: the calendar of one, the chart of several."""

from datetime import date

import pytest

from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.web import months


@pytest.mark.parametrize(
    ("month", "before", "after"),
    [
        (date(2027, 1, 1), date(2026, 12, 1), date(2027, 2, 1)),
        (date(2028, 2, 29), date(2028, 1, 1), date(2028, 3, 1)),
        (date(1900, 1, 1), None, date(1900, 2, 1)),
        (date(2199, 12, 1), date(2199, 11, 1), None),
    ],
)
def test_months_follow_each_other(month: date, before: date | None, after: date | None) -> None:
    assert (months.month_before(month), months.month_after(month)) == (before, after)


def test_a_month_is_cut_into_weeks_from_monday() -> None:
    weeks = months.weeks(date(2027, 2, 1), [])

    assert [[cell.date.day for cell in week] for week in weeks] == [
        [1, 2, 3, 4, 5],
        [8, 9, 10, 11, 12],
        [15, 16, 17, 18, 19],
        [22, 23, 24, 25, 26],
    ]


def test_a_week_that_only_has_a_weekend_of_the_month_is_left_out_without_one() -> None:
    weeks = months.weeks(date(2027, 5, 1), [])

    assert weeks[0][0].date == date(2027, 5, 3)
    assert weeks[-1][0].inside
    assert not weeks[-1][1].inside


def test_a_day_of_a_weekend_brings_the_weekends() -> None:
    saturday = StudyDay(held_on=date(2027, 5, 1), held_until=date(2027, 5, 1))

    weeks = months.weeks(date(2027, 5, 1), [saturday])

    assert [cell.days for cell in weeks[0] if cell.date.day == 1] == [[saturday]]
    assert len(weeks[0]) == 7


def test_empty_months_between_are_drawn() -> None:
    run = months.run_of_months({date(2026, 11, 1): 2, date(2027, 2, 1): 1})

    assert run == [(date(2026, 11, 1), 2), (date(2026, 12, 1), 0), (date(2027, 1, 1), 0), (date(2027, 2, 1), 1)]


def test_a_chart_is_bounded() -> None:
    assert months.run_of_months({}) == []
    assert len(months.run_of_months({date(2026, 11, 1): 1, date(2099, 1, 1): 1})) == months.MOST_BARS
    assert months.by_year({date(year, 1, 1): 1 for year in range(1990, 2026)})[0][0] == 2014


def test_the_nearest_month_is_found_on_either_side() -> None:
    counts = {date(2026, 1, 1): 1, date(2027, 2, 1): 1}

    assert months.nearest(counts, date(2026, 12, 1)) == date(2027, 2, 1)
    assert months.nearest({}, date(2026, 12, 1)) is None

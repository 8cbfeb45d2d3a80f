"""Months of days: the calendar of one, the chart of several."""

from calendar import Calendar, monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eventsapp.study_days.models import StudyDay

#: The most bars that a chart beside the list holds.
MOST_BARS = 12
FRIDAY = 4
#: The years that a calendar leafs through.
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Cell:
    """A date of the calendar, and the days held on it; ``inside`` is false for the edges of other months."""

    date: date
    inside: bool
    days: Sequence[StudyDay]


def first_of(day: date) -> date:
    return day.replace(day=1)


def last_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def first_of_year(day: date) -> date:
    return day.replace(month=1, day=1)


def last_of_year(day: date) -> date:
    return day.replace(month=12, day=31)


def month_before(month: date) -> date | None:
    """Return the first of the month before, or ``None`` at the end of the years that can be leafed through."""
    before = first_of(first_of(month) - timedelta(days=1))
    return before if before.year in YEARS else None


def month_after(month: date) -> date | None:
    """Return the first of the month after, or ``None`` at the end of the years that can be leafed through."""
    after = last_of(month) + timedelta(days=1)
    return after if after.year in YEARS else None


def weeks(month: date, days: Sequence[StudyDay]) -> list[list[Cell]]:
    """Return the weeks of a month from Monday; a day of several dates stands on each.

    Saturdays and Sundays are left out of a month that has no day on them.
    """
    on: dict[date, list[StudyDay]] = {}
    for day in days:
        held = day.held_on
        while held <= day.held_until:
            on.setdefault(held, []).append(day)
            held += timedelta(days=1)
    length = 7 if any(held.weekday() > FRIDAY and held.month == month.month for held in on) else 5
    found = [
        [Cell(each, each.month == month.month, on.get(each, ())) for each in week[:length]]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]
    return [week for week in found if any(cell.inside for cell in week)]


def grouped(days: Sequence[StudyDay], group_of: Callable[[date], date]) -> list[tuple[date, list[StudyDay]]]:
    """Return the days by the group that their first date belongs to, in their order."""
    groups: dict[date, list[StudyDay]] = {}
    for day in days:
        groups.setdefault(group_of(day.held_on), []).append(day)
    return list(groups.items())


def run_of_months(counts: Mapping[date, int]) -> list[tuple[date, int]]:
    """Return consecutive months from the first that has days, empty ones between included, at most ``MOST_BARS``."""
    if not counts:
        return []
    run: list[tuple[date, int]] = []
    month: date | None = min(counts)
    while month is not None and month <= max(counts) and len(run) < MOST_BARS:
        run.append((month, counts.get(month, 0)))
        month = month_after(month)
    return run


def by_year(counts: Mapping[date, int]) -> list[tuple[int, int]]:
    """Return year → days for the latest years that have some, in order, at most ``MOST_BARS``."""
    years: dict[int, int] = {}
    for month, count in counts.items():
        years[month.year] = years.get(month.year, 0) + count
    return sorted(years.items())[-MOST_BARS:]


def nearest(counts: Mapping[date, int], month: date) -> date | None:
    """Return the month with days that is nearest to ``month``, or ``None``."""
    return min(counts, key=lambda other: abs((other - month).days), default=None)

"""How many days a list would hold under each further choice: counts for tabs, menus, the chart and the map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from eventsapp.core import i18n, plain_text
from eventsapp.core.db import db
from eventsapp.places.models import City
from eventsapp.study_days.models import Series, StudyDay, Theme
from eventsapp.study_days.queries._filters import (
    NOW,
    STATEMENTS_KEPT,
    Matching,
    before_filters,
    can_register,
    conditions,
)
from eventsapp.study_days.values import DayFilters, When

#: The filters, one bit each.
_CITY, _THEME, _SERIES, _PERIOD, _SEATS = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter, and how many days it would leave."""

    slug: str
    name: str
    #: Empty where there is only the French one, as towns and series have.
    name_en: str
    count: int


@dataclass(frozen=True, slots=True)
class Town(Choice):
    """A town of the list; where it lies, and its day to show: the next one, or the last when all are past."""

    latitude: float | None
    longitude: float | None
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts under the filters in force; each kind of choice is counted without its own filter."""

    upcoming: int
    past: int
    open_seats: int
    #: First of the month → days, in order; empty months left out.
    months: Sequence[tuple[date, int]]
    cities: Sequence[Town]
    themes: Sequence[Choice]
    series: Sequence[Choice]


def overview(filters: DayFilters, *, now: datetime, matching: Matching | None = None) -> Overview:
    """Return the counts around a list of days, past or coming. One query.

    The days are counted here, in one pass: a day counts for a choice when no other filter leaves it out. Dates stay
    text on the way, since making thousands of them takes longer than counting.
    """
    past = filters.when is When.PAST
    tally = _Tally(filters, latest=past)
    statement = _kept(filters) if matching is None else _days_and_rest(filters, matching)
    there = tally.count(db.session.execute(statement, {"now": now}))
    return Overview(
        upcoming=there if past else tally.total,
        past=tally.total if past else there,
        open_seats=tally.open_seats,
        months=[(date.fromisoformat(f"{month}-01"), count) for month, count in sorted(tally.months.items())],
        cities=sorted(tally.towns(), key=_by_name),
        themes=sorted((Choice(*theme, count=count) for theme, count in tally.themes.items()), key=_by_name),
        series=sorted(
            (Choice(*series, name_en="", count=count) for series, count in tally.series.items()), key=_by_name
        ),
    )


class _Tally:
    """Counts days by what they are, each kind of choice under all filters but its own."""

    def __init__(self, filters: DayFilters, *, latest: bool) -> None:
        self._filters = filters
        self._latest = latest
        self.total = self.open_seats = 0
        self.months: dict[str, int] = {}
        self.themes: dict[tuple[str, str, str], int] = {}
        self.series: dict[tuple[str, str], int] = {}
        self._towns: dict[tuple[str, str, float | None, float | None], int] = {}
        self._dates: dict[str, str] = {}

    def count(self, rows: Iterable[Any]) -> int:
        """Count the days; return the number of the others, which one row brings."""
        rest = 0
        for held_on, held_until, is_open, city, theme, series, *named, others in rows:
            if held_on is None:
                rest = others
                continue
            against = self._left_out_by(city, theme, series, held_on, held_until, is_open)
            if not against & (against - 1):
                self._count(against, held_on, is_open, city, theme, series, *named)
        return rest

    def _count(
        self,
        against: int,
        held_on: str,
        is_open: int,
        city: str,
        theme: str | None,
        series: str | None,
        city_name: str,
        latitude: float | None,
        longitude: float | None,
        theme_name: str,
        theme_name_en: str,
        series_title: str,
    ) -> None:
        """Count a day that at most one filter leaves out, where that filter does not matter."""
        self.total += not against
        self.open_seats += is_open and against in {0, _SEATS}
        if against in {0, _PERIOD}:
            self.months[held_on[:7]] = self.months.get(held_on[:7], 0) + 1
        if theme and against in {0, _THEME}:
            named = (theme, theme_name, theme_name_en)
            self.themes[named] = self.themes.get(named, 0) + 1
        if series and against in {0, _SERIES}:
            self.series[series, series_title] = self.series.get((series, series_title), 0) + 1
        if against in {0, _CITY}:
            town = (city, city_name, latitude, longitude)
            self._towns[town] = self._towns.get(town, 0) + 1
            known = self._dates.get(city, held_on)
            self._dates[city] = max(known, held_on) if self._latest else min(known, held_on)

    def towns(self) -> list[Town]:
        return [
            Town(slug, name, "", count, latitude, longitude, date.fromisoformat(self._dates[slug]))
            for (slug, name, latitude, longitude), count in self._towns.items()
        ]

    def _left_out_by(
        self, city: str, theme: str | None, series: str | None, held_on: str, held_until: str, is_open: int
    ) -> int:
        """Return the filters that leave the day out, one bit each."""
        chosen = self._filters
        against = 0
        if chosen.city and city != chosen.city:
            against |= _CITY
        if chosen.theme and theme != chosen.theme:
            against |= _THEME
        if chosen.series and series != chosen.series:
            against |= _SERIES
        if (chosen.first and held_until < chosen.first.isoformat()) or (
            chosen.last and held_on > chosen.last.isoformat()
        ):
            against |= _PERIOD
        if chosen.open_seats and not is_open:
            against |= _SEATS
        return against


@lru_cache(maxsize=STATEMENTS_KEPT)
def _kept(filters: DayFilters) -> sa.CompoundSelect[Any]:
    return _days_and_rest(filters, None)


def _days_and_rest(filters: DayFilters, matching: Matching | None) -> sa.CompoundSelect[Any]:
    """Return what is counted of each day of the list before its filters, and one row with the number of the others."""
    days = (
        sa.select(
            sa.cast(StudyDay.held_on, sa.String()),
            sa.cast(StudyDay.held_until, sa.String()),
            sa.case((can_register(now=NOW), 1), else_=0),
            City.slug,
            Theme.slug,
            Series.slug,
            City.name,
            City.latitude,
            City.longitude,
            Theme.name,
            Theme.name_en,
            Series.title,
            sa.literal(0),
        )
        .join(StudyDay.city)
        .outerjoin(StudyDay.theme)
        .outerjoin(StudyDay.series)
        .where(*before_filters(filters.when, now=NOW, matching=matching))
    )
    other = replace(filters, when=When.UPCOMING if filters.when is When.PAST else When.PAST)
    # Typed, so that PostgreSQL can put the two together.
    nothing = [sa.cast(sa.null(), column.type) for column in list(days.selected_columns)[:-1]]
    rest = sa.select(*nothing, sa.func.count()).where(*conditions(other, now=NOW, matching=matching))
    return sa.union_all(days, rest.select_from(StudyDay))


def _by_name(choice: Choice) -> tuple[str, str]:
    return plain_text.fold(i18n.choose(choice.name, choice.name_en)) or "", choice.slug

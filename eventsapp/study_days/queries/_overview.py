"""How many days a list would hold under each further choice: counts for tabs, menus, the chart and the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.core import plain_text
from eventsapp.core.db import db
from eventsapp.places.models import City
from eventsapp.study_days.models import Series, StudyDay, Theme
from eventsapp.study_days.queries._filters import Matching, can_register, conditions
from eventsapp.study_days.values import DayFilters, When

#: What a day brings along into the counts.
_COLUMNS = (
    "id", "status", "city_id", "theme_id", "series_id", "starts_at", "ends_at", "held_on", "held_until",
    "seats_taken", "capacity", "registration_opens_at", "registration_closes_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter, and how many days it would leave."""

    slug: str
    name: str
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
    """Return the counts around a list of days. One query."""
    shown = (
        sa.select(*(getattr(StudyDay, name) for name in _COLUMNS))
        .where(*conditions(DayFilters(when=When.ALL), now=now, matching=matching))
        .cte("shown")
    )

    def under(but: str) -> list[sa.ColumnElement[bool]]:
        return conditions(filters, now=now, columns=shown.c, but=but)

    year_month = sa.extract("year", shown.c.held_on) * 100 + sa.extract("month", shown.c.held_on)
    first = sa.func.max(shown.c.held_on) if filters.when is When.PAST else sa.func.min(shown.c.held_on)
    past = sa.case((shown.c.ends_at <= now, 1), else_=0)
    parts = [
        _part("when", shown, number=past).where(*under("when")).group_by(past),
        _part("seats", shown).where(*under("seats"), can_register(shown.c, now=now)),
        _part("month", shown, number=year_month).where(*under("period")).group_by(year_month),
        _part("city", shown, slug=City.slug, name=City.name, at=(City.latitude, City.longitude), first=first)
        .join(City, City.id == shown.c.city_id)
        .where(*under("city"))
        .group_by(City.id, City.slug, City.name, City.latitude, City.longitude),
        _part("theme", shown, slug=Theme.slug, name=Theme.name)
        .join(Theme, Theme.id == shown.c.theme_id)
        .where(*under("theme"))
        .group_by(Theme.id, Theme.slug, Theme.name),
        _part("series", shown, slug=Series.slug, name=Series.title)
        .join(Series, Series.id == shown.c.series_id)
        .where(*under("series"))
        .group_by(Series.id, Series.slug, Series.title),
    ]
    found: dict[str, list[Any]] = {}
    for row in db.session.execute(sa.union_all(*parts)):
        found.setdefault(row.kind, []).append(row)
    when = {row.number: row.days for row in found.get("when", ())}
    return Overview(
        upcoming=when.get(0, 0),
        past=when.get(1, 0),
        open_seats=sum(row.days for row in found.get("seats", ())),
        months=sorted((date(row.number // 100, row.number % 100, 1), row.days) for row in found.get("month", ())),
        cities=[
            Town(row.slug, row.name, row.days, row.latitude, row.longitude, row.held_on)
            for row in _by_name(found.get("city", ()))
        ],
        themes=[Choice(row.slug, row.name, row.days) for row in _by_name(found.get("theme", ()))],
        series=[Choice(row.slug, row.name, row.days) for row in _by_name(found.get("series", ()))],
    )


def _part(
    kind: str,
    shown: sa.CTE,
    *,
    slug: Any = None,
    name: Any = None,
    number: Any = None,
    at: tuple[Any, Any] = (None, None),
    first: Any = None,
) -> sa.Select[Any]:
    """One kind of count; every part has the same columns, the ones it does not fill typed for PostgreSQL."""

    def column(value: Any, kind_of: Any, label: str) -> Any:
        return (sa.cast(sa.null(), kind_of) if value is None else sa.type_coerce(value, kind_of)).label(label)

    return sa.select(
        sa.literal(kind).label("kind"),
        column(slug, sa.String(), "slug"),
        column(name, sa.String(), "name"),
        sa.cast(number, sa.Integer()).label("number"),
        column(at[0], sa.Float(), "latitude"),
        column(at[1], sa.Float(), "longitude"),
        column(first, sa.Date(), "held_on"),
        sa.func.count().label("days"),
    ).select_from(shown)


def _by_name(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (plain_text.fold(row.name), row.slug))

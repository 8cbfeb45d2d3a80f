"""Filters of lists of days as SQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.places.models import City
from eventsapp.study_days.models import Series, StudyDay, Theme
from eventsapp.study_days.statuses import SHOWN, StudyDayStatus
from eventsapp.study_days.values import DayFilters, When

#: Keys of days that a search found; made by ``search.queries.days_matching``.
Matching = sa.Select[int]


def conditions(
    filters: DayFilters,
    *,
    now: datetime,
    matching: Matching | None = None,
    columns: Any = StudyDay,
    but: str = "",
) -> list[sa.ColumnElement[bool]]:
    """Return what a day must fulfil to be in the list, drafts left out in any case.

    ``columns`` is what carries the columns of a day; ``but`` names one filter to leave out: ``when``, ``city``,
    ``theme``, ``series``, ``period`` or ``seats``.
    """
    wanted: dict[str, list[sa.ColumnElement[bool]]] = {
        "when": _when(filters.when, columns=columns, now=now),
        "city": _slug(columns.city_id, City, filters.city),
        "theme": _slug(columns.theme_id, Theme, filters.theme),
        "series": _slug(columns.series_id, Series, filters.series),
        "period": [
            *([columns.held_until >= filters.first] if filters.first else []),
            *([columns.held_on <= filters.last] if filters.last else []),
        ],
        "seats": [can_register(columns, now=now)] if filters.open_seats else [],
        "words": [columns.id.in_(matching)] if matching is not None else [],
    }
    return [
        columns.status.in_(SHOWN),
        *(condition for name, group in wanted.items() if name != but for condition in group),
    ]


def can_register(columns: Any, *, now: datetime) -> sa.ColumnElement[bool]:
    """Return whether seats can be had at ``now``: ``rules.availability`` as SQL."""
    return sa.and_(
        columns.status == StudyDayStatus.PUBLISHED,
        columns.seats_taken < columns.capacity,
        columns.registration_closes_at > now,
        columns.starts_at > now,
        sa.or_(columns.registration_opens_at.is_(None), columns.registration_opens_at <= now),
    )


def names_of(*, city: str = "", theme: str = "", series: str = "") -> Mapping[str, str]:
    """Return the name of each of these slugs that exists, by kind: ``{"city": "Angers"}``. One query at most."""
    asked = [
        sa.select(sa.literal(kind), name).where(column == slug)
        for kind, column, name, slug in (
            ("city", City.slug, City.name, city),
            ("theme", Theme.slug, Theme.name, theme),
            ("series", Series.slug, Series.title, series),
        )
        if slug
    ]
    return dict(db.session.execute(sa.union_all(*asked)).all()) if asked else {}


def _when(when: When, *, columns: Any, now: datetime) -> list[sa.ColumnElement[bool]]:
    if when is When.UPCOMING:
        return [columns.ends_at > now]
    return [columns.ends_at <= now] if when is When.PAST else []


def _slug(column: sa.ColumnElement[Any], table: type[City | Theme | Series], slug: str) -> list[sa.ColumnElement[bool]]:
    return [column == sa.select(table.id).where(table.slug == slug).scalar_subquery()] if slug else []

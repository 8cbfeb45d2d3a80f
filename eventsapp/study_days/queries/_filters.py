"""Filters of lists of days as SQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.core.db import UtcDateTime, db
from eventsapp.places.models import City
from eventsapp.study_days.models import Series, StudyDay, Theme
from eventsapp.study_days.statuses import SHOWN, StudyDayStatus
from eventsapp.study_days.values import DayFilters, When

#: Keys of days that a search found; made by ``search.queries.days_matching``.
Matching = sa.Select[int]
#: When a list is looked at: a time, or ``NOW``, whose time is given when the statement is run.
Moment = datetime | sa.BindParameter[datetime]
NOW = sa.bindparam("now", type_=UtcDateTime())
#: The statements of a list that are kept, made for its filters; of a search they are made each time.
STATEMENTS_KEPT = 64


def conditions(filters: DayFilters, *, now: Moment, matching: Matching | None = None) -> list[sa.ColumnElement[bool]]:
    """Return what a day must fulfil to be in the list, drafts left out in any case."""
    return [
        *before_filters(filters.when, now=now, matching=matching),
        *_slug(StudyDay.city_id, City, filters.city),
        *_slug(StudyDay.theme_id, Theme, filters.theme),
        *_slug(StudyDay.series_id, Series, filters.series),
        *([StudyDay.held_until >= filters.first] if filters.first else []),
        *([StudyDay.held_on <= filters.last] if filters.last else []),
        *([can_register(now=now)] if filters.open_seats else []),
    ]


def before_filters(when: When, *, now: Moment, matching: Matching | None = None) -> list[sa.ColumnElement[bool]]:
    """Return what a day must fulfil to be past or to come and to be found, before any other filter."""
    wanted: list[sa.ColumnElement[bool]] = [StudyDay.status.in_(SHOWN)]
    if when is When.UPCOMING:
        wanted.append(StudyDay.ends_at > now)
    elif when is When.PAST:
        wanted.append(StudyDay.ends_at <= now)
    if matching is not None:
        wanted.append(StudyDay.id.in_(matching))
    return wanted


def can_register(*, now: Moment) -> sa.ColumnElement[bool]:
    """Return whether seats can be had at ``now``: ``rules.availability`` as SQL."""
    return sa.and_(
        StudyDay.status == StudyDayStatus.PUBLISHED,
        StudyDay.seats_taken < StudyDay.capacity,
        StudyDay.registration_closes_at > now,
        StudyDay.starts_at > now,
        sa.or_(StudyDay.registration_opens_at.is_(None), StudyDay.registration_opens_at <= now),
    )


def names_of(*, city: str = "", theme: str = "", series: str = "") -> Mapping[str, tuple[str, str]]:
    """Return the French name and the English one of each of these slugs that exists, by kind. One query at most.

    As ``{"theme": ("Finances", "Finance")}``; what has no English name has an empty one.
    """
    asked = [
        sa.select(sa.literal(kind), name, english).where(column == slug)
        for kind, column, name, english, slug in (
            ("city", City.slug, City.name, sa.literal(""), city),
            ("theme", Theme.slug, Theme.name, Theme.name_en, theme),
            ("series", Series.slug, Series.title, sa.literal(""), series),
        )
        if slug
    ]
    if not asked:
        return {}
    return {kind: (name, english) for kind, name, english in db.session.execute(sa.union_all(*asked))}


def _slug(column: Any, table: type[City | Theme | Series], slug: str) -> list[sa.ColumnElement[bool]]:
    return [column == sa.select(table.id).where(table.slug == slug).scalar_subquery()] if slug else []

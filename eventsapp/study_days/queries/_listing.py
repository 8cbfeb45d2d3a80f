"""Lists of days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from eventsapp.core.db import db
from eventsapp.core.pagination import Page, within
from eventsapp.study_days.models import Rate, StudyDay
from eventsapp.study_days.queries._filters import NOW, STATEMENTS_KEPT, Matching, conditions
from eventsapp.study_days.values import DayFilters, When

#: The most days that a calendar or a feed carries.
MOST_LISTED = 500
#: How long a past day stays in a calendar that somebody follows.
KEPT_IN_CALENDARS = timedelta(days=365)

#: Long texts that no list shows; touching them on a listed day raises.
_LONG_TEXTS = ("description", "audience", "objectives", "cancellation_terms", "practical")


def day_list(
    filters: DayFilters,
    *,
    now: datetime,
    page: int,
    size: int,
    matching: Matching | None = None,
    total: int | None = None,
) -> Page[StudyDay]:
    """Return a page of the days: coming ones by date, past ones the latest first.

    Loaded: city, venue, series, theme; rates are not (``prices_from``), nor long texts. ``total`` is what ``overview``
    counted already; without it one more query counts. A page beyond the end is the last one.
    """
    if total is None:
        wanted = sa.select(StudyDay.id).where(*conditions(filters, now=now, matching=matching))
        total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    number = within(page, size=size, total=total)
    statement = _page(filters) if matching is None else _page_of(filters, matching)
    found = db.session.scalars(statement, {"now": now, "size": size, "before": (number - 1) * size})
    return Page(items=found.all(), number=number, size=size, total=total)


def _page_of(filters: DayFilters, matching: Matching | None) -> sa.Select[StudyDay]:
    past = filters.when is When.PAST
    order = (StudyDay.starts_at.desc(), StudyDay.id.desc()) if past else (StudyDay.starts_at, StudyDay.id)
    wanted = sa.select(StudyDay.id).where(*conditions(filters, now=NOW, matching=matching))
    # The page is cut from the keys alone: leafing far does not read what it leafs over.
    keys = wanted.order_by(*order).limit(sa.bindparam("size")).offset(sa.bindparam("before")).subquery()
    return _listed().join(keys, keys.c.id == StudyDay.id).order_by(*order)


@lru_cache(maxsize=STATEMENTS_KEPT)
def _page(filters: DayFilters) -> sa.Select[StudyDay]:
    return _page_of(filters, None)


def next_days(*, now: datetime, limit: int) -> Sequence[StudyDay]:
    """Return the first of the coming days by date; city, venue, series and theme loaded, long texts and rates not."""
    return db.session.scalars(_next(), {"now": now, "most": limit}).all()


@cache
def _next() -> sa.Select[StudyDay]:
    coming = _listed().where(*conditions(DayFilters(), now=NOW))
    return coming.order_by(StudyDay.starts_at, StudyDay.id).limit(sa.bindparam("most"))


def prices_from(days: Collection[int], *, now: datetime) -> Mapping[int, int]:
    """Return day → its lowest price still on sale, tax included, in cents; days without one are left out."""
    return dict(db.session.execute(_lowest_prices(), {"days": list(days), "now": now}).all())


@cache
def _lowest_prices() -> sa.Select[int, int]:
    return (
        sa.select(Rate.study_day_id, sa.func.min(Rate.price_cents))
        .where(
            Rate.study_day_id.in_(sa.bindparam("days", expanding=True)),
            sa.or_(Rate.available_until.is_(None), Rate.available_until > NOW),
        )
        .group_by(Rate.study_day_id)
    )


def days_of_month(
    filters: DayFilters, *, first: date, last: date, now: datetime, matching: Matching | None = None
) -> Sequence[StudyDay]:
    """Return the days held between two dates, past and coming, by date; city and venue loaded, long texts not.

    The other filters hold too, but not ``when`` and the period.
    """
    within = [StudyDay.held_until >= first, StudyDay.held_on <= last]
    narrowed = DayFilters(
        when=When.ALL,
        city=filters.city,
        theme=filters.theme,
        series=filters.series,
        open_seats=filters.open_seats,
    )
    return db.session.scalars(
        _listed()
        .where(*conditions(narrowed, now=now, matching=matching), *within)
        .order_by(StudyDay.starts_at, StudyDay.id)
    ).all()


def calendar_days(filters: DayFilters, *, now: datetime, matching: Matching | None = None) -> Sequence[StudyDay]:
    """Return the days of a calendar, by date: what is coming and what took place in the past year.

    City and venue loaded, long texts not; at most ``MOST_LISTED``. A calendar that dropped a day once it is over
    would take it out of its followers' past, too.
    """
    return db.session.scalars(
        _listed()
        .where(*conditions(filters, now=now, matching=matching), StudyDay.ends_at > now - KEPT_IN_CALENDARS)
        .order_by(StudyDay.starts_at, StudyDay.id)
        .limit(MOST_LISTED)
    ).all()


def announced_days(
    filters: DayFilters, *, now: datetime, limit: int, matching: Matching | None = None
) -> Sequence[StudyDay]:
    """Return the days by what changed last; city and venue loaded, long texts not."""
    return db.session.scalars(
        _listed()
        .where(*conditions(filters, now=now, matching=matching))
        .order_by(StudyDay.updated_at.desc(), StudyDay.id.desc())
        .limit(limit)
    ).all()


def _listed() -> sa.Select[StudyDay]:
    return sa.select(StudyDay).options(
        *(defer(getattr(StudyDay, name), raiseload=True) for name in _LONG_TEXTS),
        joinedload(StudyDay.city),
        joinedload(StudyDay.venue),
        joinedload(StudyDay.series),
        joinedload(StudyDay.theme),
    )

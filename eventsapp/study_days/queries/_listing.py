"""Lists of days."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from eventsapp.core.db import db
from eventsapp.core.pagination import Page, paginate
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession
from eventsapp.study_days.queries._filters import Matching, conditions
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

    Loaded: city, venue, series, theme, rates, and of the sessions who speaks, in which role. Long texts are not.
    ``total`` is what ``overview`` counted already; without it one more query counts. A page beyond the end is the
    last one.
    """
    statement = _listed(*_with_people()).where(*conditions(filters, now=now, matching=matching))
    latest_first = filters.when is When.PAST
    statement = statement.order_by(
        StudyDay.starts_at.desc() if latest_first else StudyDay.starts_at,
        StudyDay.id.desc() if latest_first else StudyDay.id,
    )
    return paginate(statement, page=page, size=size, total=total)


def next_days(*, now: datetime, limit: int) -> Sequence[StudyDay]:
    """Return the first of the coming days by date; city, venue, series, theme and rates loaded, long texts not.

    One query.
    """
    return (
        db.session.scalars(
            _listed(joinedload(StudyDay.rates))
            .where(*conditions(DayFilters(), now=now))
            .order_by(StudyDay.starts_at, StudyDay.id)
            .limit(limit)
        )
        .unique()
        .all()
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


def _listed(*more: ORMOption) -> sa.Select[StudyDay]:
    return sa.select(StudyDay).options(
        *(defer(getattr(StudyDay, name), raiseload=True) for name in _LONG_TEXTS),
        joinedload(StudyDay.city),
        joinedload(StudyDay.venue),
        joinedload(StudyDay.series),
        joinedload(StudyDay.theme),
        *more,
    )


def _with_people() -> tuple[ORMOption, ...]:
    people = (
        selectinload(StudyDay.sessions)
        .load_only(StudySession.position, StudySession.study_day_id, raiseload=True)
        .joinedload(StudySession.interventions)
        .load_only(Intervention.role, Intervention.organisation, Intervention.position, raiseload=True)
        .joinedload(Intervention.speaker)
        .load_only(Speaker.slug, Speaker.first_name, Speaker.last_name, raiseload=True)
    )
    return selectinload(StudyDay.rates), people

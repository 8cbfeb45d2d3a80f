"""One day, or a few by their addresses."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.files.models import StoredFile
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import DayDocument, Intervention, Rate, StudyDay, StudySession
from eventsapp.study_days.statuses import SHOWN

#: The kind under which former addresses of days are kept.
SLUG_KIND = "study_day"
#: What a programme says of a speaker.
_AS_NAMED = (Speaker.slug, Speaker.first_name, Speaker.last_name, Speaker.photo_id, Speaker.consent_on)
#: Made once, as every order asks it: making it took longer than running it.
_SHOWN_DAYS = (
    sa.select(StudyDay)
    .where(StudyDay.slug.in_(sa.bindparam("slugs", expanding=True)), StudyDay.status.in_(SHOWN))
    .options(
        # A handful of rates: cheaper than a query for them.
        joinedload(StudyDay.rates).joinedload(Rate.components),
        joinedload(StudyDay.city),
        joinedload(StudyDay.venue),
    )
    .order_by(StudyDay.starts_at, StudyDay.id)
)


def shown_day(slug: str) -> StudyDay | None:
    """Return the day with that slug that visitors may see, its rates in full, city and venue loaded, or ``None``."""
    return db.session.scalar(
        sa.select(StudyDay)
        .where(StudyDay.slug == slug, StudyDay.status.in_(SHOWN))
        .options(
            selectinload(StudyDay.rates).joinedload(Rate.components),
            joinedload(StudyDay.city),
            joinedload(StudyDay.venue),
        )
    )


def shown_days(slugs: Sequence[str]) -> Sequence[StudyDay]:
    """Return the days with these slugs that visitors may see, rates in full, city and venue loaded, by date."""
    return db.session.scalars(_SHOWN_DAYS, {"slugs": slugs}).unique().all()


def starts_of(slugs: Sequence[str]) -> Sequence[datetime]:
    """Return when the shown days with these slugs start."""
    if not slugs:
        return ()
    return db.session.scalars(
        sa.select(StudyDay.starts_at).where(StudyDay.slug.in_(slugs), StudyDay.status.in_(SHOWN))
    ).all()


def shown_day_in_full(slug: str) -> StudyDay | None:
    """Return the day with that slug that visitors may see, with all that its page shows, or ``None``.

    Loaded: city, venue, series, theme, rates, documents and how their files are called, sessions with interventions, of
    speakers the name and the photograph. Two queries.
    """
    return db.session.scalars(_in_full(), {"slug": slug}).unique().one_or_none()


@cache
def _in_full() -> sa.Select[StudyDay]:
    shown = sa.select(StudyDay).where(StudyDay.slug == sa.bindparam("slug"), StudyDay.status.in_(SHOWN))
    return shown.options(*in_full())


def in_full() -> tuple[ORMOption, ...]:
    """Return how to load all that belongs to a day."""
    return (
        joinedload(StudyDay.city),
        joinedload(StudyDay.venue),
        joinedload(StudyDay.series),
        joinedload(StudyDay.theme),
        # A handful of rates times a handful of documents: cheaper than a query for each.
        joinedload(StudyDay.rates).joinedload(Rate.components),
        joinedload(StudyDay.documents)
        .joinedload(DayDocument.file)
        .load_only(StoredFile.key, StoredFile.name, StoredFile.size, raiseload=True),
        selectinload(StudyDay.sessions)
        .joinedload(StudySession.interventions)
        .joinedload(Intervention.speaker)
        .load_only(*_AS_NAMED, raiseload=True)
        .joinedload(Speaker.photo)
        .load_only(StoredFile.key, raiseload=True),
    )


def former_day(slug: str) -> str | None:
    """Return the present slug of the day that once had that one, or ``None`` when visitors may not see it."""
    day_id = slugs.owner_of(SLUG_KIND, slug)
    if day_id is None:
        return None
    return db.session.scalar(sa.select(StudyDay.slug).where(StudyDay.id == day_id, StudyDay.status.in_(SHOWN)))


def related_days(day: StudyDay, *, now: datetime, limit: int) -> Sequence[StudyDay]:
    """Return other days of the series, then of the theme: coming ones by date, then past ones, the latest first.

    City loaded. Nothing, and no query, for a day without series and theme.
    """
    if day.series_id is None and day.theme_id is None:
        return []
    bound = {"day": day.id, "series": day.series_id, "theme": day.theme_id, "now": now, "most": limit}
    return db.session.scalars(_related(), bound).all()


@cache
def _related() -> sa.Select[StudyDay]:
    # Of a day without one of them, nothing has the same: nothing equals NULL.
    same_series = StudyDay.series_id == sa.bindparam("series", type_=sa.Integer)
    same_theme = StudyDay.theme_id == sa.bindparam("theme", type_=sa.Integer)
    coming = StudyDay.ends_at > sa.bindparam("now")
    return (
        sa.select(StudyDay)
        .where(sa.or_(same_series, same_theme), StudyDay.id != sa.bindparam("day"), StudyDay.status.in_(SHOWN))
        .options(joinedload(StudyDay.city))
        .order_by(
            sa.case((same_series, 0), else_=1),
            sa.case((coming, 0), else_=1),
            sa.case((coming, StudyDay.starts_at)),
            StudyDay.starts_at.desc(),
            StudyDay.id,
        )
        .limit(sa.bindparam("most"))
    )

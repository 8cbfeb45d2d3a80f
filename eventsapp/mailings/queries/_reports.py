"""Which reports of a day appeared, and who of its people was not told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import defer

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.magazine.models import Article, article_sessions
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus
from eventsapp.mailings import rules
from eventsapp.mailings.models import ReportTold
from eventsapp.mailings.queries._reminders import begun_before, switched_off
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus

#: A worker that stood still for no longer loses nothing; what is older is no news.
_NEWS_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsDue:
    """The reports of a day that somebody was not told of, to be named in one mail."""

    registration_id: int
    #: In lower case: somebody with two seats is told once.
    address: str
    article_ids: tuple[int, ...]


def reports_due(*, now: datetime, only: int | None = None) -> list[ReportsDue]:
    """Return whom to tell of reports that appeared, all people or the one of a seat: four queries at most.

    Reports of sessions of a day that is over, once the hour in which they appeared is; those who came to it, where
    the office has not switched it off.
    """
    by_day = _news(now=now)
    off = switched_off(set(by_day))
    wanted = {day_id: keys for day_id, keys in by_day.items() if (day_id, ReminderKind.REPORTS) not in off}
    if not wanted:
        return []
    seats = _people(wanted, only=only)
    told = _told([key for keys in wanted.values() for key in keys])
    secret = settings.current().secret_key
    due: dict[tuple[int, str], ReportsDue] = {}
    for seat_id, day_id, email in seats:
        address = email.lower()
        names = {address, rules.fingerprint(address, key=secret)}
        untold = tuple(key for key in wanted[day_id] if told.isdisjoint((key, name) for name in names))
        if untold:
            due.setdefault((day_id, address), ReportsDue(registration_id=seat_id, address=address, article_ids=untold))
    return list(due.values())


def reports_to_tell(article_ids: Collection[int]) -> Sequence[Article]:
    """Return these articles without their bodies, in the order in which they appeared."""
    return db.session.scalars(
        sa.select(Article)
        .where(Article.id.in_(article_ids))
        .options(defer(Article.body, raiseload=True))
        .order_by(Article.published_at, Article.id)
    ).all()


def reports_told(study_day_id: int) -> tuple[int, int]:
    """Return how many people of a day were told of a report, and how many wanted no such mail."""
    left_out = ReportTold.mail_id.is_(None)
    told, kept_from = db.session.execute(
        sa.select(
            sa.func.count(sa.distinct(sa.case((~left_out, ReportTold.to_address)))),
            sa.func.count(sa.distinct(sa.case((left_out, ReportTold.to_address)))),
        )
        .join(Registration, Registration.id == ReportTold.registration_id)
        .where(Registration.study_day_id == study_day_id)
    ).one()
    return told, kept_from


def _news(*, now: datetime) -> dict[int, list[int]]:
    """Return the reports that appeared lately, by the key of their day."""
    until = rules.hour_of(now)
    rows = db.session.execute(
        sa.select(Article.study_day_id, Article.id)
        .join(StudyDay, StudyDay.id == Article.study_day_id)
        .where(
            Article.status == ArticleStatus.PUBLISHED,
            Article.kind == ArticleKind.REPORT,
            Article.published_at >= until - _NEWS_FOR,
            Article.published_at < until,
            begun_before(Article.published_at, ReminderKind.REPORTS),
            sa.exists().where(article_sessions.c.article_id == Article.id),
            StudyDay.status == StudyDayStatus.PUBLISHED,
            StudyDay.ends_at < now,
        )
        .order_by(Article.published_at, Article.id)
    )
    found: dict[int, list[int]] = {}
    for day_id, article_id in rows:
        if day_id is not None:
            found.setdefault(day_id, []).append(article_id)
    return found


def _people(day_ids: Collection[int], *, only: int | None) -> list[tuple[int, int, str]]:
    asked = (
        sa.select(Registration.id, Registration.study_day_id, Registration.email)
        .where(
            Registration.study_day_id.in_(day_ids),
            registrations.came(),
            Registration.named_at.is_not(None),
            Registration.email != "",
            sa.not_(Registration.is_test),
        )
        .order_by(Registration.study_day_id, Registration.id)
    )
    rows = db.session.execute(asked if only is None else asked.where(Registration.id == only))
    return [(row.id, row.study_day_id, row.email) for row in rows]


def _told(article_ids: Collection[int]) -> set[tuple[int, str]]:
    rows = db.session.execute(
        sa.select(ReportTold.article_id, ReportTold.to_address).where(ReportTold.article_id.in_(article_ids))
    )
    return {(key, address) for key, address in rows}

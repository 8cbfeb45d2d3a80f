"""Which sessions of past days have their report, and which still lack one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload

from eventsapp.core.db import db
from eventsapp.core.pagination import Page, paginate
from eventsapp.magazine.models import Article, article_sessions
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.study_days.models import StudyDay, StudySession
from eventsapp.study_days.statuses import SessionKind, StudyDayStatus


@dataclass(frozen=True, slots=True)
class SessionCoverage:
    """A session and what is written about it, what is withdrawn left out."""

    session: StudySession
    articles: Sequence[Article]

    @property
    def is_told(self) -> bool:
        """Whether readers have a report of it."""
        return any(article.status is ArticleStatus.PUBLISHED for article in self.articles)

    @property
    def is_under_way(self) -> bool:
        """Whether somebody is writing one."""
        return bool(self.articles) and not self.is_told


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """A past day and the state of its reports."""

    day: StudyDay
    sessions: Sequence[SessionCoverage]
    #: About the day as a whole: linked to none of its sessions.
    general: Sequence[Article]

    @property
    def lacking(self) -> Sequence[SessionCoverage]:
        """The sessions without a published report."""
        return [entry for entry in self.sessions if not entry.is_told]


def days_lacking_reports(*, now: datetime) -> int:
    """Return how many past days have a session without a published report."""
    return db.session.scalar(sa.select(lacking_count(now=now))) or 0


def lacking_count(*, now: datetime) -> sa.ScalarSelect[int]:
    """Return the same count, to be asked beside others."""
    return sa.select(sa.func.count()).select_from(StudyDay).where(*_past(now), _lacking()).scalar_subquery()


def past_days(*, now: datetime, page: int, size: int, lacking_only: bool) -> Page[DayCoverage]:
    """Return a page of the past days, the latest first, with the state of their reports. Four queries."""
    conditions = [*_past(now), *([_lacking()] if lacking_only else [])]
    statement = (
        sa.select(StudyDay)
        .where(*conditions)
        .order_by(StudyDay.starts_at.desc(), StudyDay.id.desc())
        .options(joinedload(StudyDay.city), selectinload(StudyDay.sessions))
    )
    return paginate(statement, page=page, size=size, prepare=_covered)


def coverage_of(day: StudyDay) -> DayCoverage:
    """Return the state of the reports of one day, its sessions loaded. One query."""
    return _covered([day])[0]


def _past(now: datetime) -> list[sa.ColumnElement[bool]]:
    return [StudyDay.status == StudyDayStatus.PUBLISHED, StudyDay.ends_at <= now]


def _lacking() -> sa.ColumnElement[bool]:
    """Say that a talk has no published article, or that there are no talks and no published article on the day."""
    talk = sa.and_(StudySession.study_day_id == StudyDay.id, StudySession.kind != SessionKind.BREAK)
    told = (
        sa.exists()
        .where(
            article_sessions.c.session_id == StudySession.id,
            article_sessions.c.article_id == Article.id,
            Article.status == ArticleStatus.PUBLISHED,
        )
        .correlate(StudySession)
    )
    day_told = sa.exists().where(Article.study_day_id == StudyDay.id, Article.status == ArticleStatus.PUBLISHED)
    return sa.or_(
        sa.exists().where(talk, ~told).correlate(StudyDay),
        sa.and_(~sa.exists().where(talk).correlate(StudyDay), ~day_told.correlate(StudyDay)),
    )


def _covered(days: Sequence[StudyDay]) -> list[DayCoverage]:
    articles = db.session.scalars(
        sa.select(Article)
        .where(Article.study_day_id.in_([day.id for day in days]), Article.status != ArticleStatus.WITHDRAWN)
        .order_by(Article.id)
        .options(defer(Article.body, raiseload=True), joinedload(Article.sessions).load_only(StudySession.id))
    ).unique()
    by_day: dict[int | None, list[Article]] = {}
    for article in articles:
        by_day.setdefault(article.study_day_id, []).append(article)
    return [
        DayCoverage(
            day=day,
            sessions=[
                SessionCoverage(session, [each for each in by_day.get(day.id, []) if session in each.sessions])
                for session in day.talks
            ],
            general=[each for each in by_day.get(day.id, []) if not each.sessions],
        )
        for day in days
    ]

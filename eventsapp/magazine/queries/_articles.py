"""Published articles: one to read, and lists of them.

Lists leave the bodies in the database: touching ``body`` on what they return raises.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.core.pagination import Page, paginate
from eventsapp.magazine.models import (
    SLUG_KIND,
    Article,
    RelatedArticle,
    Section,
    article_sessions,
    article_speakers,
)
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession

#: The most articles offered under « À lire ».
MOST_RELATED = 4

#: The newest first; articles of one instant by key, so that pages never overlap.
NEWEST = (Article.published_at.desc(), Article.id.desc())


def listed(*more: ORMOption) -> sa.Select[Article]:
    """Return the published articles without their bodies, section and issue loaded, in no order."""
    return (
        sa.select(Article)
        .where(Article.status == ArticleStatus.PUBLISHED)
        .options(defer(Article.body, raiseload=True), joinedload(Article.section), joinedload(Article.issue), *more)
    )


def published_article(slug: str) -> Article | None:
    """Return the published article with that slug, body and all, or ``None``.

    Loaded: section, issue, study day with its city, sessions. Who may read the body: ``magazine.access.can_read``.
    """
    return (
        db.session.scalars(
            sa.select(Article)
            .where(Article.slug == slug, Article.status == ArticleStatus.PUBLISHED)
            .options(
                joinedload(Article.section),
                joinedload(Article.issue),
                joinedload(Article.study_day).joinedload(StudyDay.city),
                joinedload(Article.sessions),
            )
        )
        .unique()
        .one_or_none()
    )


def withdrawn_article(slug: str) -> Article | None:
    """Return the withdrawn article with that slug, without its body, or ``None``: its page says that it is gone."""
    return db.session.scalar(
        sa.select(Article)
        .where(Article.slug == slug, Article.status == ArticleStatus.WITHDRAWN)
        .options(defer(Article.body, raiseload=True))
    )


def former_article(slug: str) -> str | None:
    """Return the present slug of the published article that once had that one, or ``None``."""
    article_id = slugs.owner_of(SLUG_KIND, slug)
    if article_id is None:
        return None
    return db.session.scalar(
        sa.select(Article.slug).where(Article.id == article_id, Article.status == ArticleStatus.PUBLISHED)
    )


def voices_of(article: Article) -> list[tuple[Speaker, Intervention | None]]:
    """Return whom the article quotes, each with the first intervention at the article's day, if there was one.

    In the order of the programme, then by name. Loaded: the speaker's photograph.
    """
    statement = (
        sa.select(Speaker, Intervention)
        .join(article_speakers, article_speakers.c.speaker_id == Speaker.id)
        .outerjoin(
            sa.join(Intervention, StudySession, Intervention.session_id == StudySession.id),
            sa.and_(Intervention.speaker_id == Speaker.id, StudySession.study_day_id == article.study_day_id),
        )
        .where(article_speakers.c.article_id == article.id)
        .order_by(
            StudySession.position.is_(None),
            StudySession.position,
            Intervention.position,
            Speaker.last_name,
            Speaker.first_name,
            Speaker.id,
        )
        .options(joinedload(Speaker.photo))
    )
    first: dict[Speaker, Intervention | None] = {}
    for speaker, intervention in db.session.execute(statement):
        first.setdefault(speaker, intervention)
    return list(first.items())


def reading_list(article: Article) -> Sequence[Article]:
    """Return what to read next, at most ``MOST_RELATED``: what the newsroom chose, then the same day, then the issue.

    Published articles without bodies; section and issue loaded.
    """
    chosen = aliased(RelatedArticle)
    reasons: list[sa.ColumnElement[bool]] = [chosen.id.is_not(None)]
    if article.study_day_id is not None:
        reasons.append(Article.study_day_id == article.study_day_id)
    if article.issue_id is not None:
        reasons.append(Article.issue_id == article.issue_id)
    place = sa.case(*((reason, rank) for rank, reason in enumerate(reasons)), else_=len(reasons))
    statement = (
        listed()
        .outerjoin(chosen, sa.and_(chosen.article_id == article.id, chosen.other_id == Article.id))
        .where(Article.id != article.id, sa.or_(*reasons))
        .order_by(place, chosen.position, *NEWEST)
        .limit(MOST_RELATED)
    )
    return db.session.scalars(statement).all()


def reports_of_day(day_id: int) -> Sequence[Article]:
    """Return the published articles about that day, the oldest first; section and issue loaded, bodies not."""
    return db.session.scalars(
        listed().where(Article.study_day_id == day_id).order_by(Article.published_at, Article.id)
    ).all()


def reports_of_session(session_id: int) -> Sequence[Article]:
    """Return the published articles about that session, the oldest first; section and issue loaded, bodies not."""
    return db.session.scalars(
        listed()
        .join(article_sessions, article_sessions.c.article_id == Article.id)
        .where(article_sessions.c.session_id == session_id)
        .order_by(Article.published_at, Article.id)
    ).all()


def reports_by_session(day_id: int) -> dict[int, list[Article]]:
    """Return session key → the published articles about it, for each session of the day that has one.

    The oldest first; section and issue loaded, bodies not. One query.
    """
    statement = (
        listed()
        .add_columns(article_sessions.c.session_id)
        .join(article_sessions, article_sessions.c.article_id == Article.id)
        .join(StudySession, StudySession.id == article_sessions.c.session_id)
        .where(StudySession.study_day_id == day_id)
        .order_by(Article.published_at, Article.id)
    )
    found: dict[int, list[Article]] = {}
    for article, session_id in db.session.execute(statement):
        found.setdefault(session_id, []).append(article)
    return found


def reports_of_speaker(speaker_id: int) -> Sequence[Article]:
    """Return the published articles that quote that speaker, the newest first; section and issue loaded, bodies not."""
    return db.session.scalars(
        listed()
        .join(article_speakers, article_speakers.c.article_id == Article.id)
        .where(article_speakers.c.speaker_id == speaker_id)
        .order_by(*NEWEST)
    ).all()


def latest_articles(n: int, *, kind: ArticleKind | None = None) -> Sequence[Article]:
    """Return the ``n`` newest published articles, of one kind when given.

    Section, issue and study day with its city loaded, bodies not.
    """
    statement = listed(joinedload(Article.study_day).joinedload(StudyDay.city)).order_by(*NEWEST).limit(n)
    if kind is not None:
        statement = statement.where(Article.kind == kind)
    return db.session.scalars(statement).all()


def latest_by_section(each: int) -> list[tuple[Section, list[Article]]]:
    """Return the sections in their order, each with its ``each`` newest published articles; empty ones left out.

    Section and issue loaded, bodies not. One query.
    """
    ranked = (
        sa.select(
            Article.id,
            sa.func.row_number().over(partition_by=Article.section_id, order_by=NEWEST).label("place"),
        )
        .where(Article.status == ArticleStatus.PUBLISHED, Article.section_id.is_not(None))
        .subquery()
    )
    statement = (
        sa.select(Article)
        .join(ranked, ranked.c.id == Article.id)
        .join(Article.section)
        .where(ranked.c.place <= each)
        .order_by(Section.position, Section.id, *NEWEST)
        .options(defer(Article.body, raiseload=True), contains_eager(Article.section), joinedload(Article.issue))
    )
    found: dict[Section, list[Article]] = {}
    for article in db.session.scalars(statement):
        if article.section is not None:
            found.setdefault(article.section, []).append(article)
    return list(found.items())


def published_articles(*, page: int, size: int, kind: ArticleKind | None = None) -> Page[Article]:
    """Return a page of the published articles, the newest first, of one kind when given.

    Section, issue and study day with its city loaded, bodies not.
    """
    statement = listed(joinedload(Article.study_day).joinedload(StudyDay.city)).order_by(*NEWEST)
    if kind is not None:
        statement = statement.where(Article.kind == kind)
    return paginate(statement, page=page, size=size)


def articles_with_ids(ids: Sequence[int]) -> Sequence[Article]:
    """Return the published ones among those articles, in the order of ``ids``; section and issue loaded, bodies not."""
    found = {article.id: article for article in db.session.scalars(listed().where(Article.id.in_(ids)))}
    return [found[key] for key in ids if key in found]


def published_addresses() -> Sequence[tuple[str, datetime]]:
    """Return slug and last change of every published article, the newest first, for the sitemap."""
    return [
        (slug, updated_at)
        for slug, updated_at in db.session.execute(
            sa.select(Article.slug, Article.updated_at)
            .where(Article.status == ArticleStatus.PUBLISHED)
            .order_by(*NEWEST)
        )
    ]

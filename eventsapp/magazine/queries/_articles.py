"""Published articles: one to read, and lists of them.

Every list loads the picture, the section, the issue, and the study day with its city; it leaves the bodies and other
long texts in the database: touching ``body`` on what it returns raises.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.core.pagination import Page, paginate
from eventsapp.magazine import rules
from eventsapp.magazine.models import (
    SLUG_KIND,
    Article,
    ArticleAuthor,
    Issue,
    ReadingTerms,
    RelatedArticle,
    Section,
    article_sessions,
    article_speakers,
    article_tags,
)
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession

#: The most articles offered under « À lire ».
MOST_RELATED = 4
#: Greater than any place among the chosen ones.
_AFTER_CHOSEN = 1_000_000
#: The newest articles that are compared word by word.
MOST_COMPARED = 100
#: From this place on they have only the issue in common.
_OF_ISSUE = 5 * _AFTER_CHOSEN

#: What a line about a day says.
_LINE_OF_DAY = (
    StudyDay.slug,
    StudyDay.title,
    StudyDay.status,
    StudyDay.city_id,
    StudyDay.starts_at,
    StudyDay.ends_at,
    StudyDay.timezone,
    StudyDay.held_on,
    StudyDay.held_until,
)

#: An article, its day and its issue, in the statements about what belongs to it (``_bound``).
_ARTICLE, _DAY, _ISSUE = (sa.bindparam(name, type_=sa.Integer) for name in ("article", "day", "issue"))

#: The newest first; articles of one instant by key, so that pages never overlap.
NEWEST = (Article.published_at.desc(), Article.id.desc())


def listed() -> sa.Select[Article]:
    """Return the published articles as lists show them, in no order.

    Without their bodies; picture, section, issue, and study day with its city loaded, of the day what a line says.
    """
    return (
        sa.select(Article)
        .where(Article.status == ArticleStatus.PUBLISHED)
        .options(*as_listed(), joinedload(Article.section))
    )


def as_listed() -> tuple[ORMOption, ...]:
    """Return how a list loads an article, its section aside."""
    return (
        defer(Article.body, raiseload=True),
        joinedload(Article.cover),
        joinedload(Article.issue).defer(Issue.editorial, raiseload=True),
        joinedload(Article.study_day).load_only(*_LINE_OF_DAY, raiseload=True).joinedload(StudyDay.city),
    )


def published_article(slug: str) -> Article | None:
    """Return the published article with that slug, body and all, or ``None``.

    Loaded: cover, section, issue, study day with its city, sessions, authors, tags, corrections. Who may read the body:
    ``magazine.access.can_read``.
    """
    return db.session.scalars(_published(), {"slug": slug}).unique().one_or_none()


def article_to_read(slug: str) -> tuple[Article, ReadingTerms] | None:
    """Return the same with the terms of reading, in one query, or ``None``."""
    row = db.session.execute(_to_read(), {"slug": slug}).unique().one_or_none()
    return (row[0], row[1]) if row is not None else None


@cache
def _to_read() -> sa.Select[Article, ReadingTerms]:
    return _published().add_columns(ReadingTerms).join(ReadingTerms, sa.true())


@cache
def _published() -> sa.Select[Article]:
    # All joined, though the text comes once for each of them together: they are few, and a query costs more.
    return (
        sa.select(Article)
        .where(Article.slug == sa.bindparam("slug"), Article.status == ArticleStatus.PUBLISHED)
        .options(
            joinedload(Article.cover),
            joinedload(Article.section),
            joinedload(Article.issue).defer(Issue.editorial, raiseload=True),
            joinedload(Article.study_day).load_only(*_LINE_OF_DAY, raiseload=True).joinedload(StudyDay.city),
            joinedload(Article.sessions),
            joinedload(Article.corrections),
            joinedload(Article.authors).joinedload(ArticleAuthor.speaker),
            joinedload(Article.tags),
        )
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
    first: dict[Speaker, Intervention | None] = {}
    for speaker, intervention in db.session.execute(_voices(), _bound(article)):
        first.setdefault(speaker, intervention)
    return list(first.items())


@cache
def _voices() -> sa.Select[Speaker, Intervention]:
    return (
        sa.select(Speaker, Intervention)
        .join(article_speakers, article_speakers.c.speaker_id == Speaker.id)
        .outerjoin(
            sa.join(Intervention, StudySession, Intervention.session_id == StudySession.id),
            sa.and_(Intervention.speaker_id == Speaker.id, StudySession.study_day_id == _DAY),
        )
        .where(article_speakers.c.article_id == _ARTICLE)
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


def reading_list(article: Article) -> Sequence[Article]:
    """Return what to read next: what the newsroom chose, then what is likest the article.

    Likeness goes down from the same session, a tag in common, an author in common and the same day to the nearest in
    words among the newest ``MOST_COMPARED``, then the same issue. At most ``MOST_RELATED``; the newest first among
    equals. Two queries.
    """
    rows = db.session.execute(_candidates(), _bound(article)).all()
    placed = {row.id: row.place for row in rows if row.place is not None}
    near = [key for key, place in placed.items() if place < _OF_ISSUE]
    if len(near) < MOST_RELATED:
        compared = [row for row in rows if row.place is None and row.id not in near]
        near += _nearest_in_words(article, compared)
        near += [key for key in placed if key not in near]
    keys = near[:MOST_RELATED]
    found = {each.id: each for each in db.session.scalars(_listed_by_key(), {"keys": keys})} if keys else {}
    return [found[key] for key in keys]


@cache
def _listed_by_key() -> sa.Select[Article]:
    return listed().where(Article.id.in_(sa.bindparam("keys", expanding=True)))


@cache
def _candidates() -> sa.Select[Any]:
    """Return the others that may be read next: the nearest with their place, then the newest, without, to compare."""
    chosen = sa.select(RelatedArticle.other_id.label("id"), RelatedArticle.position.label("place"))
    neighbours = [
        others.add_columns(sa.literal(rank * _AFTER_CHOSEN)) for rank, others in enumerate(_neighbours(), start=1)
    ]
    near = sa.union_all(chosen.where(RelatedArticle.article_id == _ARTICLE), *neighbours).subquery()
    places = sa.select(near.c.id, sa.func.min(near.c.place).label("place")).group_by(near.c.id).subquery()
    every = sa.select(Article.id, Article.title, Article.lead, Article.published_at).where(
        Article.status == ArticleStatus.PUBLISHED, Article.id != _ARTICLE
    )
    placed = (
        every.add_columns(places.c.place)
        .join(places, places.c.id == Article.id)
        .order_by(places.c.place, *NEWEST)
        .limit(MOST_RELATED)
    )
    newest = every.add_columns(sa.cast(sa.null(), sa.Integer).label("place")).order_by(*NEWEST).limit(MOST_COMPARED)
    # Each in a subquery of its own: SQLite takes no limit for one part of a union.
    both = sa.union_all(*(sa.select(part.subquery()) for part in (placed, newest))).subquery()
    return sa.select(both).order_by(both.c.place.is_(None), both.c.place, both.c.published_at.desc(), both.c.id.desc())


def _neighbours() -> list[sa.Select[int]]:
    """Return the keys of the articles near to that one, the nearest kind first."""
    own_tags = sa.select(article_tags.c.tag_id).where(article_tags.c.article_id == _ARTICLE)
    own_authors = sa.select(ArticleAuthor.slug).where(ArticleAuthor.article_id == _ARTICLE)
    own_sessions = sa.select(article_sessions.c.session_id).where(article_sessions.c.article_id == _ARTICLE)
    return [
        sa.select(article_sessions.c.article_id).where(article_sessions.c.session_id.in_(own_sessions)),
        sa.select(article_tags.c.article_id).where(article_tags.c.tag_id.in_(own_tags)),
        sa.select(ArticleAuthor.article_id).where(ArticleAuthor.slug.in_(own_authors)),
        # Of an article without a day or an issue these find nothing: nothing equals NULL.
        sa.select(Article.id).where(Article.study_day_id == _DAY),
        sa.select(Article.id).where(Article.issue_id == _ISSUE),
    ]


def _bound(article: Article) -> dict[str, int | None]:
    return {"article": article.id, "day": article.study_day_id, "issue": article.issue_id}


def _nearest_in_words(article: Article, others: Sequence[sa.Row[Any]]) -> list[int]:
    """Return the keys of those whose title and lead share most words with that one's, the nearest first."""
    own = f"{article.title} {article.lead}"
    scores = {row.id: rules.nearness(own, f"{row.title} {row.lead}") for row in others}
    # Sorting is stable: of equals the newest stays first.
    return [key for key in sorted(scores, key=lambda key: -scores[key]) if scores[key]][:MOST_RELATED]


def reports_of_day(day_id: int) -> Sequence[Article]:
    """Return the published articles about that day, the oldest first, as lists show them."""
    return db.session.scalars(
        listed().where(Article.study_day_id == day_id).order_by(Article.published_at, Article.id)
    ).all()


def reports_of_session(session_id: int) -> Sequence[Article]:
    """Return the published articles about that session, the oldest first, as lists show them."""
    return db.session.scalars(
        listed()
        .join(article_sessions, article_sessions.c.article_id == Article.id)
        .where(article_sessions.c.session_id == session_id)
        .order_by(Article.published_at, Article.id)
    ).all()


def reports_by_session(day_id: int) -> dict[int, list[Article]]:
    """Return session key → the published articles about it, for each session of the day that has one.

    The oldest first, as lists show them. One query.
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
    """Return the published articles that quote that speaker or are by them, the newest first, as lists show them."""
    quoting = sa.select(article_speakers.c.article_id).where(article_speakers.c.speaker_id == speaker_id)
    written = sa.select(ArticleAuthor.article_id).where(ArticleAuthor.speaker_id == speaker_id)
    return db.session.scalars(
        listed().where(sa.or_(Article.id.in_(quoting), Article.id.in_(written))).order_by(*NEWEST)
    ).all()


def latest_articles(n: int, *, kind: ArticleKind | None = None) -> Sequence[Article]:
    """Return the ``n`` newest published articles, of one kind when given."""
    bound: dict[str, int | ArticleKind] = {"most": n} if kind is None else {"most": n, "kind": kind}
    return db.session.scalars(_newest(of_kind=kind is not None), bound).all()


@cache
def _newest(*, of_kind: bool) -> sa.Select[Article]:
    statement = listed().order_by(*NEWEST).limit(sa.bindparam("most"))
    return statement.where(Article.kind == sa.bindparam("kind")) if of_kind else statement


def latest_by_section(each: int) -> list[tuple[Section, list[Article]]]:
    """Return the sections in their order, each with its ``each`` newest published articles; empty ones left out.

    One query.
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
        .options(*as_listed(), contains_eager(Article.section))
    )
    found: dict[Section, list[Article]] = {}
    for article in db.session.scalars(statement):
        if article.section is not None:
            found.setdefault(article.section, []).append(article)
    return list(found.items())


def published_articles(*, page: int, size: int, kind: ArticleKind | None = None) -> Page[Article]:
    """Return a page of the published articles, the newest first, of one kind when given."""
    statement = listed().order_by(*NEWEST)
    if kind is not None:
        statement = statement.where(Article.kind == kind)
    return paginate(statement, page=page, size=size)

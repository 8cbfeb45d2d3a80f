"""Every address that anybody may read, for search engines."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.magazine.models import Article, Issue, Section, Tag, article_speakers, article_tags
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.site.values import Address
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession
from eventsapp.study_days.statuses import SHOWN, SessionKind
from eventsapp.subscriptions.models import Plan


def count_addresses() -> int:
    """Return how many there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_all().subquery())) or 0


def public_addresses(*, page: int, size: int) -> Sequence[Address]:
    """Return page ``page`` (from 1) of the addresses: days, sessions, articles, issues, speakers, plans. One query."""
    found = _all().subquery()
    rows = db.session.execute(
        sa.select(found).order_by(found.c.rank, found.c.key.desc()).limit(size).offset((page - 1) * size)
    )
    return [
        Address(endpoint=row.endpoint, slug=row.slug, position=row.position, updated_at=row.updated_at) for row in rows
    ]


def _all() -> sa.CompoundSelect[Any]:
    published = Article.status == ArticleStatus.PUBLISHED
    shown = StudyDay.status.in_(SHOWN)
    spoke = sa.select(Intervention.speaker_id).join(Intervention.session).join(StudySession.study_day).where(shown)
    quoted = (
        sa.select(article_speakers.c.speaker_id)
        .join(Article, Article.id == article_speakers.c.article_id)
        .where(published)
    )
    with_articles = sa.exists().where(Article.issue_id == Issue.id, published)
    return sa.union_all(
        _part(1, "study_days.day", StudyDay.id, slug=StudyDay.slug, updated_at=StudyDay.updated_at).where(shown),
        _part(
            2,
            "study_days.session",
            StudySession.id,
            slug=StudyDay.slug,
            position=StudySession.position,
            updated_at=StudyDay.updated_at,
        )
        .join(StudySession.study_day)
        .where(shown, StudySession.kind != SessionKind.BREAK),
        _part(3, "magazine.article", Article.id, slug=Article.slug, updated_at=Article.updated_at).where(published),
        _part(4, "magazine.issue", Issue.id, position=Issue.number).where(with_articles),
        _part(5, "speakers.speaker", Speaker.id, slug=Speaker.slug).where(
            sa.or_(Speaker.id.in_(spoke), Speaker.id.in_(quoted))
        ),
        _part(7, "magazine_shelves.section", Section.id, slug=Section.slug).where(
            sa.exists().where(Article.section_id == Section.id, published)
        ),
        _part(8, "magazine_shelves.tag", Tag.id, slug=Tag.slug).where(
            sa.exists().where(article_tags.c.tag_id == Tag.id, Article.id == article_tags.c.article_id, published)
        ),
        _part(6, "subscriptions.plan", Plan.id, slug=Plan.slug).where(Plan.published),
    )


def _part(
    rank: int, endpoint: str, key: Any, *, slug: Any = None, position: Any = None, updated_at: Any = None
) -> sa.Select[Any]:
    """One kind of address; every part has the same columns, the ones it does not fill typed for PostgreSQL."""

    def column(value: Any, kind: Any, label: str) -> Any:
        return (sa.cast(sa.null(), kind) if value is None else sa.type_coerce(value, kind)).label(label)

    return sa.select(
        sa.literal(rank).label("rank"),
        sa.literal(endpoint).label("endpoint"),
        key.label("key"),
        column(slug, sa.String(), "slug"),
        column(position, sa.Integer(), "position"),
        column(updated_at, StudyDay.updated_at.type, "updated_at"),
    )

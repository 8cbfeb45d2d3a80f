"""The articles as libraries harvest them: everything that was ever published, also what no longer is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventsapp.core.db import db
from eventsapp.magazine.models import Article, Section
from eventsapp.magazine.queries._articles import as_listed

#: An article has a record from its first publication on; withdrawn, or a draft again, the record says « deleted ».
_HAS_RECORD = Article.published_at.is_not(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """Which records are asked for: changed from a moment on, up to another (excluded), in a section."""

    since: datetime | None = None
    before: datetime | None = None
    section: str | None = None


def record(article_id: int) -> Article | None:
    """Return the article with that key if it has a record, loaded as by ``records``; or ``None``."""
    return db.session.scalar(_records().where(Article.id == article_id))


def records(asked: Harvest, *, after: tuple[datetime, int] | None, most: int) -> Sequence[Article]:
    """Return the articles asked for, those changed first first; ``after`` is the last one that was given before.

    Bodies stay in the database. Loaded: section, issue, study day with its city, authors, tags.
    """
    statement = _records().where(*_conditions(asked)).order_by(Article.updated_at, Article.id).limit(most)
    if after is not None:
        moment, key = after
        later = sa.or_(Article.updated_at > moment, sa.and_(Article.updated_at == moment, Article.id > key))
        statement = statement.where(later)
    return db.session.scalars(statement).all()


def count_records(asked: Harvest) -> int:
    """Return how many records are asked for in all."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Article).where(*_conditions(asked))) or 0


def earliest_record() -> datetime | None:
    """Return when the record that did not change for longest changed, or ``None`` without any."""
    return db.session.scalar(sa.select(sa.func.min(Article.updated_at)).where(_HAS_RECORD))


def sections_with_records() -> Sequence[Section]:
    """Return the sections that records are in, in their order."""
    return db.session.scalars(
        sa.select(Section)
        .where(sa.exists().where(Article.section_id == Section.id, _HAS_RECORD))
        .order_by(Section.position, Section.id)
    ).all()


def _records() -> sa.Select[Article]:
    return (
        sa.select(Article)
        .where(_HAS_RECORD)
        .options(*as_listed(), joinedload(Article.section), selectinload(Article.authors), selectinload(Article.tags))
    )


def _conditions(asked: Harvest) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [_HAS_RECORD]
    if asked.since is not None:
        conditions.append(Article.updated_at >= asked.since)
    if asked.before is not None:
        conditions.append(Article.updated_at < asked.before)
    if asked.section is not None:
        conditions.append(
            Article.section_id == sa.select(Section.id).where(Section.slug == asked.section).scalar_subquery()
        )
    return conditions

"""Published articles as they are filed: by section, by tag, by author. What nothing is filed under is not there."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.core.pagination import Page, paginate
from eventsapp.magazine.models import Article, ArticleAuthor, Section, Tag, article_tags
from eventsapp.magazine.queries._articles import NEWEST, listed
from eventsapp.magazine.statuses import ArticleStatus

_PUBLISHED = Article.status == ArticleStatus.PUBLISHED


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who signed articles, as the last one says."""

    slug: str
    name: str
    #: Of the page of the speaker, if it is one.
    speaker_slug: str | None


def section(slug: str) -> Section | None:
    """Return the section of that slug if something in it is published, or ``None``."""
    filed = sa.exists().where(Article.section_id == Section.id, _PUBLISHED)
    return db.session.scalar(sa.select(Section).where(Section.slug == slug, filed))


def tag(slug: str) -> Tag | None:
    """Return the tag of that slug if something published has it, or ``None``."""
    filed = sa.exists().where(article_tags.c.tag_id == Tag.id, Article.id == article_tags.c.article_id, _PUBLISHED)
    return db.session.scalar(sa.select(Tag).where(Tag.slug == slug, filed))


def author(slug: str) -> Author | None:
    """Return who signed published articles under that slug, or ``None``."""
    row = db.session.scalar(
        sa.select(ArticleAuthor)
        .join(Article, Article.id == ArticleAuthor.article_id)
        .where(ArticleAuthor.slug == slug, _PUBLISHED)
        .order_by(*NEWEST)
        .limit(1)
        .options(joinedload(ArticleAuthor.speaker))
    )
    return Author(row.slug, row.name, row.speaker.slug if row.speaker else None) if row else None


def articles_in(section_id: int, *, page: int, size: int) -> Page[Article]:
    """Return a page of the published articles of that section, the newest first."""
    return paginate(listed().where(Article.section_id == section_id).order_by(*NEWEST), page=page, size=size)


def articles_tagged(tag_id: int, *, page: int, size: int) -> Page[Article]:
    """Return a page of the published articles with that tag, the newest first."""
    tagged = sa.select(article_tags.c.article_id).where(article_tags.c.tag_id == tag_id)
    return paginate(listed().where(Article.id.in_(tagged)).order_by(*NEWEST), page=page, size=size)


def articles_by(slug: str, *, page: int, size: int) -> Page[Article]:
    """Return a page of the published articles signed under that slug, the newest first."""
    signed = sa.select(ArticleAuthor.article_id).where(ArticleAuthor.slug == slug)
    return paginate(listed().where(Article.id.in_(signed)).order_by(*NEWEST), page=page, size=size)

"""Issues. One is shown to readers as soon as one of its articles is."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.core.pagination import Page, paginate
from eventsapp.files.models import StoredFile
from eventsapp.files.queries import is_named_in
from eventsapp.magazine.models import Article, Issue, ReadingTerms, Section, TextPicture, article_text_pictures
from eventsapp.magazine.queries._articles import NEWEST, listed
from eventsapp.magazine.statuses import Access, ArticleStatus, IssueStatus
from eventsapp.speakers import queries as speakers
from eventsapp.study_days import queries as study_days

_HAS_ARTICLES = sa.exists().where(Article.issue_id == Issue.id, Article.status == ArticleStatus.PUBLISHED)


def _shown() -> sa.Select[Issue]:
    return sa.select(Issue).where(_HAS_ARTICLES).options(joinedload(Issue.cover))


def issue_by_number(number: int) -> Issue | None:
    """Return the issue with that number, or ``None`` when readers may not see it yet."""
    return db.session.scalar(_shown().where(Issue.number == number))


def whole_issue(number: int) -> Issue | None:
    """Return the issue with that number once it has appeared with its PDF, which is loaded; or ``None``."""
    return db.session.scalar(
        sa.select(Issue)
        .join(Issue.pdf)
        .where(Issue.number == number, Issue.status == IssueStatus.PUBLISHED)
        .options(contains_eager(Issue.pdf))
    )


def file_is_shown(file_id: InstrumentedAttribute[int], *, to_everybody: bool) -> sa.ColumnElement[bool]:
    """Be the file of that key a cover of an issue, or a picture of or in an article, that readers may see.

    ``to_everybody`` leaves out what stands in reserved texts alone: ``reserved_around`` says in which.
    """
    of_issue = sa.exists().where(Issue.cover_id == file_id, _HAS_ARTICLES)
    of_article = sa.exists().where(Article.cover_id == file_id, Article.status == ArticleStatus.PUBLISHED)
    in_text = (
        sa.exists()
        .where(TextPicture.file_id == file_id)
        .where(
            article_text_pictures.c.picture_id == TextPicture.id,
            article_text_pictures.c.is_shown,
            article_text_pictures.c.article_id == Article.id,
            Article.status == ArticleStatus.PUBLISHED,
            *([Article.access == Access.PUBLIC] if to_everybody else []),
        )
    )
    return sa.or_(of_issue, of_article, in_text)


def file_is_named() -> sa.ColumnElement[bool]:
    """Be the file of the enclosing query named in the editorial of an issue that readers may see."""
    return sa.exists().where(is_named_in(Issue.editorial), _HAS_ARTICLES)


def reserved_around(file: StoredFile) -> Sequence[tuple[Article, ReadingTerms]]:
    """Return the published reserved articles in whose text the picture stands, with the terms of reading. One query."""
    rows = db.session.execute(
        sa.select(Article, ReadingTerms)
        .join(article_text_pictures, article_text_pictures.c.article_id == Article.id)
        .join(TextPicture, TextPicture.id == article_text_pictures.c.picture_id)
        .join(ReadingTerms, sa.true())
        .where(
            TextPicture.file_id == file.id,
            article_text_pictures.c.is_shown,
            Article.status == ArticleStatus.PUBLISHED,
            Article.access != Access.PUBLIC,
        )
        .order_by(Article.id)
    )
    return [(row[0], row[1]) for row in rows]


def shown_keys(keys: Collection[str], *, to_everybody: bool = False) -> set[str]:
    """Return which of ``keys`` belong to files that readers may see, whatever room shows them.

    ``to_everybody`` leaves out the pictures that stand in the text of no article but reserved ones.
    ``site.queries.shows_picture`` looks for them in all other texts.
    """
    file_id = StoredFile.id
    return set(
        db.session.scalars(
            sa.select(StoredFile.key).where(
                StoredFile.key.in_(keys),
                sa.or_(
                    file_is_shown(file_id, to_everybody=to_everybody),
                    speakers.file_is_shown(file_id),
                    study_days.file_is_shown(file_id),
                ),
            )
        )
    )


def current_issue() -> sa.Row[int, date | None] | None:
    """Return the ``number`` and ``published_on`` of the newest issue that readers may see, or ``None``."""
    return db.session.execute(_current()).one_or_none()


@cache
def _current() -> sa.Select[int, date | None]:
    return sa.select(Issue.number, Issue.published_on).where(_HAS_ARTICLES).order_by(Issue.number.desc()).limit(1)


def numbers_to_begin_with() -> tuple[int, int] | None:
    """Return the current number and the next one, in the works or to come; ``None`` while no number is out."""
    current = sa.select(sa.func.max(Issue.number)).where(_HAS_ARTICLES).scalar_subquery()
    found = db.session.execute(sa.select(current, sa.func.min(Issue.number).filter(Issue.number > current))).one()
    newest, following = found
    return None if newest is None else (newest, following or newest + 1)


def issues(*, page: int, size: int) -> Page[Issue]:
    """Return a page of the issues that readers may see, the newest first."""
    return paginate(_shown().order_by(Issue.number.desc()), page=page, size=size)


def issues_around(number: int) -> tuple[int | None, int | None]:
    """Return the numbers of the shown issues before and after that one, ``None`` where there is none."""
    before, after = db.session.execute(
        sa.select(
            sa.func.max(Issue.number).filter(Issue.number < number),
            sa.func.min(Issue.number).filter(Issue.number > number),
        ).where(_HAS_ARTICLES)
    ).one()
    return before, after


def articles_of_issue(issue_id: int) -> Sequence[Article]:
    """Return the published articles of the issue by section, those without one last."""
    return db.session.scalars(
        listed()
        .outerjoin(Section, Section.id == Article.section_id)
        .where(Article.issue_id == issue_id)
        .order_by(Section.position.is_(None), Section.position, Section.id, Article.place == 0, Article.place, *NEWEST)
    ).all()

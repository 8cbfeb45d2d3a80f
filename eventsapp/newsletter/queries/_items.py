"""What a letter may tell of and does: articles that appeared, days to come; never the body of an article."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from eventsapp.core.db import db
from eventsapp.core.i18n import date_long
from eventsapp.core.links import absolute
from eventsapp.magazine.models import Article, Section
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.newsletter import rules
from eventsapp.newsletter.models import LetterItem
from eventsapp.newsletter.statuses import Group
from eventsapp.newsletter.values import Told
from eventsapp.places.models import City
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus

#: What everybody may read of an article.
_OF_ARTICLE = (
    Article.slug, Article.title, Article.lead, Article.kind, Article.access, Article.status, Article.byline,
)  # fmt: skip
_OF_DAY = (
    StudyDay.slug, StudyDay.title, StudyDay.lead, StudyDay.status, StudyDay.starts_at, StudyDay.ends_at,
    StudyDay.timezone, StudyDay.theme_id,
)  # fmt: skip


def new_articles(*, since: datetime, until: datetime) -> Sequence[int]:
    """Return the keys of the articles that appeared after ``since``, the newest first."""
    return db.session.scalars(
        sa.select(Article.id)
        .where(Article.status == ArticleStatus.PUBLISHED, Article.published_at > since, Article.published_at <= until)
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(rules.MOST_ARTICLES)
    ).all()


def coming_days(*, now: datetime) -> Sequence[int]:
    """Return the keys of the next days, by date."""
    return db.session.scalars(
        sa.select(StudyDay.id)
        .where(
            StudyDay.status == StudyDayStatus.PUBLISHED,
            StudyDay.starts_at > now,
            StudyDay.starts_at <= now + rules.LOOKS_AHEAD,
        )
        .order_by(StudyDay.starts_at, StudyDay.id)
        .limit(rules.MOST_DAYS)
    ).all()


def items_of(letter_id: int) -> Sequence[LetterItem]:
    """Return what stands in a letter or was left out of it, in its order: one query, articles without their bodies.

    Loaded: of articles their section and the theme of their day, of days their city.
    """
    return db.session.scalars(
        sa.select(LetterItem)
        .where(LetterItem.letter_id == letter_id)
        .order_by(LetterItem.position, LetterItem.id)
        .options(*_loads())
    ).all()


def told(items: Sequence[LetterItem], *, now: datetime, locale: str) -> list[Told]:
    """Return what of ``items`` is told at ``now``, in ``locale``, in use: no article withdrawn since, no day over."""
    found = []
    for item in items:
        if not item.is_in:
            continue
        if item.article is not None and item.article.status is ArticleStatus.PUBLISHED:
            found.append(_article(item, item.article, locale))
        elif item.study_day is not None and _is_to_come(item.study_day, now):
            found.append(_day(item, item.study_day, locale))
    return found


def _article(item: LetterItem, article: Article, locale: str) -> Told:
    section = article.section.name if article.section else ""
    return Told(
        group=Group.REPORTS if article.kind is ArticleKind.REPORT else Group.ARTICLES,
        title=article.title,
        url=absolute("magazine.article", locale=locale, slug=article.slug),
        about=section,
        lead=article.lead,
        text=item.text,
        theme_id=article.study_day.theme_id if article.study_day else None,
        is_reserved=article.access is not Access.PUBLIC,
    )


def _day(item: LetterItem, day: StudyDay, locale: str) -> Told:
    return Told(
        group=Group.DAYS,
        title=day.title,
        url=absolute("study_days.day", locale=locale, slug=day.slug),
        about=f"{date_long(day.local_start)}, {day.city.name}",
        lead=day.lead,
        text=item.text,
        theme_id=day.theme_id,
    )


def _is_to_come(day: StudyDay, now: datetime) -> bool:
    return day.status is StudyDayStatus.PUBLISHED and day.starts_at > now


def _loads() -> tuple[ORMOption, ...]:
    article, day = joinedload(LetterItem.article), joinedload(LetterItem.study_day)
    return (
        article.load_only(*_OF_ARTICLE, raiseload=True),
        article.joinedload(Article.section).load_only(Section.name),
        article.joinedload(Article.study_day).load_only(StudyDay.theme_id, raiseload=True),
        day.load_only(*_OF_DAY, raiseload=True),
        day.joinedload(StudyDay.city).load_only(City.name),
    )

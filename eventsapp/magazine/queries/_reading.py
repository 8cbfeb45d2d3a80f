"""What is reserved: the terms of reading, articles that are given, and those that open by themselves."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import clock, settings
from eventsapp.core.db import db
from eventsapp.magazine import rules
from eventsapp.magazine.models import Article, ArticleGift, Issue, ReadingTerms
from eventsapp.magazine.statuses import Access, ArticleStatus


def reading_terms() -> ReadingTerms:
    """Return what holds for reserved articles that say nothing else; a migration wrote it."""
    return db.session.scalars(sa.select(ReadingTerms)).one()


def issue_date(issue_id: int) -> date | None:
    """Return when that number came out, or ``None`` where nobody knows."""
    return db.session.scalar(sa.select(Issue.published_on).where(Issue.id == issue_id))


def live_gift(secret: str, *, article_id: int, now: datetime) -> ArticleGift | None:
    """Return the gift of that article that a link opens now, giver loaded, or ``None``.

    A gift ends with its month, when it is revoked, and with the account of whoever gave it.
    """
    gift = db.session.scalar(
        sa.select(ArticleGift)
        .where(
            ArticleGift.secret == secret,
            ArticleGift.article_id == article_id,
            ArticleGift.until > now,
            ArticleGift.revoked_at.is_(None),
        )
        .options(joinedload(ArticleGift.giver))
    )
    return gift if gift and gift.giver.active else None


def gifts_given(giver_id: int, *, now: datetime) -> Sequence[ArticleGift]:
    """Return the gifts of that person that live, the newest first; articles loaded, bodies not."""
    return db.session.scalars(
        _living(giver_id, now=now)
        .order_by(ArticleGift.given_at.desc(), ArticleGift.id.desc())
        .options(joinedload(ArticleGift.article).load_only(Article.slug, Article.title, Article.status, raiseload=True))
    ).all()


def gift_of_article(article_id: int, *, giver_id: int, now: datetime) -> ArticleGift | None:
    """Return the gift of that article by that person that lives, or ``None``."""
    return db.session.scalar(_living(giver_id, now=now).where(ArticleGift.article_id == article_id).limit(1))


def gifts_this_month(giver_id: int, *, now: datetime) -> int:
    """Return how many articles that person has given in the month of ``now``, revoked ones included."""
    first = datetime.combine(clock.local_date(now).replace(day=1), time(), tzinfo=_zone())
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(ArticleGift.giver_id == giver_id, ArticleGift.given_at >= first)
        )
        or 0
    )


def gift_of_giver(gift_id: int, *, giver_id: int) -> ArticleGift | None:
    """Return that gift if it is that person's, or ``None``; the article loaded, its body not."""
    return db.session.scalar(
        sa.select(ArticleGift)
        .where(ArticleGift.id == gift_id, ArticleGift.giver_id == giver_id)
        .options(joinedload(ArticleGift.article).load_only(Article.slug, Article.title, Article.status, raiseload=True))
    )


def article_to_open(*, now: datetime) -> Article | None:
    """Return a reserved article whose time to be everybody's has come, held for this transaction; or ``None``."""
    months = sa.func.coalesce(Article.opens_after_months, reading_terms().opens_after_months)
    reserved = (
        Article.status == ArticleStatus.PUBLISHED,
        Article.access == Access.SUBSCRIBERS,
        Article.opened_at.is_(None),
        Article.published_at.is_not(None),
    )
    asked = db.session.scalars(sa.select(months).where(*reserved, months > 0).distinct()).all()
    due = [sa.and_(months == each, Article.published_at < _end_of(each, now=now)) for each in asked]
    if not due:
        return None
    return db.session.scalar(
        sa.select(Article)
        .where(*reserved, sa.or_(*due))
        .order_by(Article.published_at, Article.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _end_of(months: int, *, now: datetime) -> datetime:
    """Return the end of the last day whose texts are open after ``months``, as days go where the magazine is made."""
    day = rules.last_opened(today=clock.local_date(now), months=months)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=_zone())


def _living(giver_id: int, *, now: datetime) -> sa.Select[ArticleGift]:
    return sa.select(ArticleGift).where(
        ArticleGift.giver_id == giver_id, ArticleGift.until > now, ArticleGift.revoked_at.is_(None)
    )


def _zone() -> ZoneInfo:
    return settings.zone(settings.current().default_timezone)

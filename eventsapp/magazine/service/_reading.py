"""What is reserved: its terms, articles given by subscribers, and texts that open to everybody."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.audit.service import Actor
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine import queries, rules
from eventsapp.magazine.errors import NoGiftLeft
from eventsapp.magazine.models import Article, ArticleGift
from eventsapp.magazine.service._articles import subject
from eventsapp.magazine.statuses import Access
from eventsapp.magazine.values import Terms

#: Articles that one sweep opens: the first after a change of the terms may find the whole archive.
MOST_OPENED = 500


def set_reading_terms(terms: Terms, *, actor: Actor | None, now: datetime) -> None:
    """Say what holds for reserved articles from now on; texts that are open already stay so."""
    kept = queries.reading_terms()
    before = {name: getattr(kept, name) for name in Terms.__slots__}
    after = {name: getattr(terms, name) for name in Terms.__slots__}
    for name, value in after.items():
        setattr(kept, name, value)
    if changes := audit.difference(before, after):
        audit.record("issues.terms", actor=actor, subject=("reading_terms", kept.id, ""), now=now, changes=changes)


def give_article(article: Article, *, giver: User, now: datetime) -> ArticleGift:
    """Return the link by which ``giver`` lets anybody read the article; the one that lives already, if there is one.

    Whether they may give at all is asked before. Each new link counts in its calendar month, revoked or not, and
    the giver's row is held meanwhile, so that two clicks at once are counted one after the other.
    Raises ``NoGiftLeft``.
    """
    db.session.execute(sa.select(User.id).where(User.id == giver.id).with_for_update())
    living = queries.gift_of_article(article.id, giver_id=giver.id, now=now)
    if living is not None:
        return living
    most = queries.reading_terms().gifts_a_month
    if queries.gifts_this_month(giver.id, now=now) >= most:
        raise NoGiftLeft(
            _("Vous avez offert %(number)s articles ce mois-ci : les prochains le mois prochain.", number=most)
        )
    gift = ArticleGift(article_id=article.id, giver_id=giver.id, given_at=now, until=now + rules.GIFT_LIFETIME)
    db.session.add(gift)
    db.session.flush()
    return gift


def revoke_gift(gift: ArticleGift, *, now: datetime) -> None:
    """Let the link open nothing from now on; a second time changes nothing."""
    gift.revoked_at = gift.revoked_at or now


def open_due(*, now: datetime) -> int:
    """Let everybody read the reserved articles whose time has come; return how many opened.

    One transaction each, the row held; each opens by itself once, so that one reserved again stays so.
    """
    opened = 0
    while opened < MOST_OPENED:
        with unit_of_work.transaction():
            article = queries.article_to_open(now=now)
            if article is None:
                break
            article.access = Access.PUBLIC
            article.opened_at = now
            article.updated_at = now
            article.version += 1
            audit.record(
                "articles.open",
                actor=None,
                subject=subject(article),
                now=now,
                changes={"access": [Access.SUBSCRIBERS.value, Access.PUBLIC.value]},
            )
            opened += 1
    return opened

"""What an article said before, what is typed into it and not saved, and who has it open."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from eventsapp.core.db import db
from eventsapp.core.pagination import Page, paginate
from eventsapp.magazine import rules
from eventsapp.magazine.models import Autosave, Presence, Revision


def revisions(article_id: int, *, page: int, size: int) -> Page[Revision]:
    """Return a page of the revisions of an article, the newest first, without their texts."""
    return paginate(
        sa.select(Revision)
        .where(Revision.article_id == article_id)
        .order_by(Revision.number.desc())
        .options(defer(Revision.body, raiseload=True)),
        page=page,
        size=size,
    )


def revision(article_id: int, number: int) -> Revision | None:
    """Return that revision, or ``None``."""
    return db.session.scalar(sa.select(Revision).where(Revision.article_id == article_id, Revision.number == number))


def revision_at(article_id: int, version: int) -> Revision | None:
    """Return what the article said at that version, or ``None`` when it is no longer known."""
    return db.session.scalar(
        sa.select(Revision)
        .where(Revision.article_id == article_id, Revision.number <= version)
        .order_by(Revision.number.desc())
        .limit(1)
    )


def autosaved(article_id: int, user_id: int) -> Autosave | None:
    """Return what that person has typed into the article and not saved, or ``None``."""
    return db.session.scalar(sa.select(Autosave).where(Autosave.article_id == article_id, Autosave.user_id == user_id))


def at_work(article_id: int, *, but: int, now: datetime) -> Sequence[Presence]:
    """Return who else has the article open, the first come first, their users loaded."""
    return db.session.scalars(
        sa.select(Presence)
        .where(Presence.article_id == article_id, Presence.user_id != but, Presence.seen_at > now - rules.PRESENT_FOR)
        .order_by(Presence.since, Presence.id)
        .options(joinedload(Presence.user))
    ).all()

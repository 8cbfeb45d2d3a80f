"""What somebody types before it is saved, and who has an article open."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from eventsapp.accounts.models import User
from eventsapp.core.db import Model, db, on_sqlite
from eventsapp.magazine import rules
from eventsapp.magazine.models import Article, Autosave, Presence
from eventsapp.magazine.values import WORDS


def be_present(article: Article, *, user: User, now: datetime) -> None:
    """Say that ``user`` has the article open; whoever comes back after a while is there since now."""
    fresh = Presence.seen_at > now - rules.PRESENT_FOR
    _put(
        Presence,
        {"article_id": article.id, "user_id": user.id, "since": now, "seen_at": now},
        {"since": sa.case((fresh, Presence.since), else_=now), "seen_at": now},
    )


def autosave(article: Article, *, words: Mapping[str, str], version: int, user: User, now: datetime) -> bool:
    """Keep what ``user`` has typed over ``version``; return whether there is anything to keep.

    What says the same as the article leaves nothing behind.
    """
    typed = {name: words.get(name, "") for name in WORDS}
    if all(typed[name].strip() == getattr(article, name) for name in WORDS):
        discard_autosave(article, user=user)
        return False
    values = typed | {"at": now, "version": version}
    _put(Autosave, {"article_id": article.id, "user_id": user.id} | values, values)
    return True


def discard_autosave(article: Article, *, user: User) -> None:
    """Forget what ``user`` has typed and not saved."""
    db.session.execute(sa.delete(Autosave).where(Autosave.article_id == article.id, Autosave.user_id == user.id))


def _put(model: type[Model], values: Mapping[str, object], changes: Mapping[str, object]) -> None:
    """Write the one row of this person and this article, or change it: two windows of one person never collide."""
    insert = sqlite_insert if on_sqlite() else postgresql_insert
    statement = insert(model).values(**values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["article_id", "user_id"], set_=dict(changes)))

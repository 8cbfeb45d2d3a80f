"""The comments that this browser sent, kept in its signed session: who has it may mend them for a while."""

from datetime import datetime

from flask import session

from eventsapp.accounts.models import User
from eventsapp.core.page_cache import has_session
from eventsapp.magazine import queries, rules
from eventsapp.magazine.models import Article, Comment

_NAME, _MOST = "own_comments", 10


def remember(said: Comment) -> None:
    """Keep that this browser sent the comment."""
    session[_NAME] = [*session.get(_NAME, []), said.id][-_MOST:]


def last(article: Article) -> Comment | None:
    """Return the comment that this browser sent last, if it is one of the article."""
    own = session.get(_NAME, [])
    return queries.own_comment(article.id, own[-1]) if own else None


def one(article: Article, comment_id: int, person: User | None) -> Comment | None:
    """Return that comment of the article if this browser sent it, and nobody else is signed in by now; or ``None``."""
    said = queries.own_comment(article.id, comment_id) if comment_id in session.get(_NAME, []) else None
    return said if said is not None and _is_of(said, person) else None


def to_mend(article: Article, person: User | None, *, now: datetime) -> list[Comment]:
    """Return the comments of the article that whoever reads it may still mend; who has no session is asked nothing."""
    keys = session.get(_NAME, []) if has_session() else []
    if not keys:
        return []
    sent = queries.own_comments(article.id, keys, since=now - rules.EDIT_WITHIN)
    return [said for said in sent if _is_of(said, person)]


def _is_of(said: Comment, person: User | None) -> bool:
    return said.user_id is None or (person is not None and said.user_id == person.id)

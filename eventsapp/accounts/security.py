"""Sessions of people who sign in, and what Flask-Security is told; it hashes, signs tokens and keeps who is there."""

import time

from flask import Flask, g, session
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.utils import login_user
from sqlalchemy.exc import OperationalError

from eventsapp.accounts import queries
from eventsapp.accounts.models import Role, User
from eventsapp.accounts.rules import NOT_REMEMBERED, REMEMBERED
from eventsapp.core.db import db
from eventsapp.core.references import new_secret
from eventsapp.core.settings import Settings

#: Where the session keeps its own key, and since when somebody is signed in.
_KEY = "key"
_SINCE = "fs_paa"
_CSRF = "csrf_token"
#: Set for the rest of a request whose database did not answer.
_AWAY = "accounts_away"


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's store, writing in the request's own transaction: it flushes, the edge commits."""

    def commit(self) -> None:
        self.db.session.flush()


def init_app(app: Flask, *, settings: Settings) -> None:
    """Let people sign in; the pages are ``accounts/web/site.py``."""
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - an algorithm
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        PERMANENT_SESSION_LIFETIME=REMEMBERED,
        # The end of a session is counted from its beginning, not from the last page.
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    Security(app, Datastore(db, User, Role), register_blueprint=False)
    app.login_manager.user_loader(_signed_in)  # type: ignore[attr-defined]
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]


def open_session(user: User, *, remember: bool) -> None:
    """Sign ``user`` in; the basket stays, the session's key and the forms' token are new."""
    session.pop(_CSRF, None)
    g.pop(_CSRF, None)
    session[_KEY] = new_secret()
    session.permanent = remember
    login_user(user, remember=False)


def close_session() -> str:
    """Empty the visitor's session; return its key, for ``service.end_session``."""
    key: str = session.get(_KEY, "")
    session.clear()
    g.pop(_CSRF, None)
    return key


def _signed_in(uniquifier: str) -> User | None:
    """Return who the session says, unless it is too old, was ended, or the person may no longer sign in."""
    if g.get(_AWAY):
        return None
    lifetime = REMEMBERED if session.permanent else NOT_REMEMBERED
    if time.time() - session.get(_SINCE, 0) > lifetime.total_seconds():
        return None
    try:
        return queries.signed_in(uniquifier, session_key=session.get(_KEY, ""))
    except OperationalError:
        # The page that says so asks who is there once more, and gets no answer rather than an error of its own.
        setattr(g, _AWAY, True)
        raise

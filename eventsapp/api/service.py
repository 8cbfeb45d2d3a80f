"""Making and revoking tokens of programs."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.api import rules
from eventsapp.api.errors import AlreadyRevoked, NoScope
from eventsapp.api.models import ApiToken
from eventsapp.api.statuses import Scope
from eventsapp.audit import service as audit
from eventsapp.core.db import db

#: Who acts on the machine itself.
OPERATOR = "ligne de commande"


def create_token(
    *, name: str, scopes: Collection[Scope], now: datetime, actor: User | None = None
) -> tuple[ApiToken, str]:
    """Make a token; return its row and the token itself, which is kept nowhere. Raises ``NoScope``."""
    if not scopes:
        raise NoScope("Choisissez au moins une portée.", errors={"/scopes": _("Choisissez au moins une portée.")})
    token = rules.new_token()
    row = ApiToken(
        name=name,
        token_hash=rules.fingerprint(token),
        scopes=[scope.value for scope in Scope if scope in scopes],
        created_at=now,
        created_by_id=actor.id if actor else None,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        "tokens.create", subject=subject(row), now=now, actor=actor, by=OPERATOR, changes={"scopes": row.scopes}
    )
    return row, token


def revoke_token(row: ApiToken, *, now: datetime, actor: User | None = None) -> None:
    """Let the token open nothing from now on, for good. Raises ``AlreadyRevoked``."""
    if row.revoked_at is not None:
        raise AlreadyRevoked("Ce jeton est déjà révoqué.")
    row.revoked_at = now
    audit.record("tokens.revoke", subject=subject(row), now=now, actor=actor, by=OPERATOR)


def subject(row: ApiToken) -> tuple[str, int, str]:
    """Return how the history names the token."""
    return ("api_token", row.id, row.name)

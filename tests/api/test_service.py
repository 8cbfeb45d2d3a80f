"""Making and revoking tokens."""

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.api import queries, service
from eventsapp.api.errors import AlreadyRevoked, NoScope
from eventsapp.api.models import ApiToken
from eventsapp.api.statuses import Scope
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


def test_a_token_is_kept_as_a_fingerprint_only() -> None:
    row, token = service.create_token(name="Intranet", scopes=[Scope.EDITOR], now=NOW)
    db.session.flush()

    kept = db.session.execute(sa.select(*ApiToken.__table__.c)).mappings().one()
    assert kept["id"] == row.id
    assert token not in str(dict(kept))


def test_the_scopes_are_kept_once_each_in_their_order() -> None:
    row, _token = service.create_token(name="A", scopes=[Scope.EDITOR, Scope.DOOR, Scope.EDITOR], now=NOW)

    assert row.scopes == ["door", "editor"]
    assert row.known_scopes == {Scope.DOOR, Scope.EDITOR}


def test_a_scope_that_no_code_knows_any_more_opens_nothing() -> None:
    row, _token = service.create_token(name="A", scopes=[Scope.EDITOR], now=NOW)
    row.scopes = ["editor", "emperor"]

    assert row.known_scopes == {Scope.EDITOR}


def test_a_token_without_a_scope_is_not_made() -> None:
    with pytest.raises(NoScope) as refused:
        service.create_token(name="A", scopes=[], now=NOW)

    assert refused.value.errors == {"/scopes": "Choisissez au moins une portée."}
    assert queries.tokens() == []


def test_a_revoked_token_opens_nothing_and_stays_revoked() -> None:
    row, token = service.create_token(name="A", scopes=[Scope.EDITOR], now=NOW)
    assert queries.live_token(token) is row

    service.revoke_token(row, now=NOW)

    assert queries.live_token(token) is None
    with pytest.raises(AlreadyRevoked):
        service.revoke_token(row, now=NOW)


def test_the_history_says_who_made_and_who_revoked() -> None:
    boss = make_user(RoleName.ADMINISTRATOR)
    row, _token = service.create_token(name="Intranet", scopes=[Scope.EDITOR], now=NOW)
    service.revoke_token(row, now=NOW, actor=boss)
    db.session.flush()

    told = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.actor_label, AuditEntry.subject_label, AuditEntry.changes)
        .where(AuditEntry.subject_kind == "api_token")
        .order_by(AuditEntry.id)
    ).all()
    assert [tuple(line) for line in told] == [
        ("tokens.create", "ligne de commande", "Intranet", {"scopes": ["editor"]}),
        ("tokens.revoke", boss.name, "Intranet", {}),
    ]

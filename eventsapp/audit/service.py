"""Writing the history, in the transaction of what it tells."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db

#: Who acts when nobody is signed in: the worker, a buyer, Stripe.
NOBODY = "le système"
#: What stands for somebody who is forgotten.
FORGOTTEN = "adresse effacée"


class Actor(Protocol):
    """Whoever can be named in the history: a user by their key, a program by its token's name alone."""

    @property
    def id(self) -> Any: ...

    @property
    def name(self) -> str: ...


def record(
    action: str,
    *,
    subject: tuple[str, int, str],
    now: datetime,
    actor: Actor | None = None,
    by: str = NOBODY,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write one line: ``action`` (named like the permission) on ``subject``, its kind, key and label.

    ``by`` names who acted when it is nobody who signs in.
    """
    kind, key, label = subject
    db.session.add(
        AuditEntry(
            at=now,
            actor_id=actor.id if actor else None,
            actor_label=actor.name if actor else by,
            action=action,
            subject_kind=kind,
            subject_id=key,
            subject_label=label[:300],
            changes=dict(changes or {}),
        )
    )


def forget(addresses: Collection[str], *, kind: str, keys: Collection[int]) -> int:
    """Replace these addresses in what was done to things by the word ``FORGOTTEN``; return in how many lines."""
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(keys))
    )
    changed = 0
    for entry in entries:
        actor, changes = _without(entry.actor_label, addresses), _without(entry.changes, addresses)
        if (actor, changes) != (entry.actor_label, entry.changes):
            entry.actor_label, entry.changes = actor, changes
            changed += 1
    return changed


def _without(value: Any, addresses: Collection[str]) -> Any:
    if isinstance(value, str):
        return FORGOTTEN if value.strip().lower() in addresses else value
    if isinstance(value, list):
        return [_without(each, addresses) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, addresses) for name, each in value.items()}
    return value


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return field → [before, after] for what changed, in values that JSON can hold."""
    return {
        name: [_plain(before.get(name)), _plain(value)] for name, value in after.items() if before.get(name) != value
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)

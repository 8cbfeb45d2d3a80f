"""Who looks after the readers of an institution: added, handed over, taken off."""

from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.subscriptions import mails, queries
from eventsapp.subscriptions.errors import NotNow
from eventsapp.subscriptions.models import Manager
from eventsapp.subscriptions.service import _seats

#: Managers that an institution has at most.
MOST_MANAGERS = 5


def add_manager(
    readership_id: int, email: str, *, by: str, locale: str, now: datetime, actor: User | None = None
) -> Manager:
    """Let somebody else say who reads, and mail them the link of their page; it has no seat and shows no money.

    Raises ``NotNow``.
    """
    contract = _seats.held(readership_id, now=now)[0]
    managers = queries.managers_of(readership_id)
    address = email.strip().lower()
    if any(row.email == address for row in managers):
        raise NotNow("Cette personne gère déjà l’abonnement.")
    if len(managers) >= MOST_MANAGERS:
        raise NotNow("Cinq personnes gèrent déjà l’abonnement : retirez-en une.")
    added = Manager(readership_id=readership_id, email=address, locale=locale, added_at=now)
    db.session.add(added)
    db.session.flush()
    audit.record(
        "readers.add_manager",
        subject=_seats.subject(contract),
        now=now,
        actor=actor,
        by=by,
        changes={"email": address},
    )
    mails.manager_added(contract, added, by=by, now=now)
    return added


def drop_manager(readership_id: int, manager_id: int, *, by: str, now: datetime, actor: User | None = None) -> Manager:
    """Take a manager off: the link of their page opens nothing any more. Raises ``NotNow`` for the only one."""
    contract = _seats.held(readership_id, now=now)[0]
    managers = queries.managers_of(readership_id)
    found = next((row for row in managers if row.id == manager_id), None)
    if found is None:
        raise NotFound("Cette personne ne gère pas l’abonnement.")
    if len(managers) == 1:
        raise NotNow("C’est la seule personne qui gère l’abonnement : ajoutez d’abord l’autre.")
    audit.record(
        "readers.drop_manager",
        subject=_seats.subject(contract),
        now=now,
        actor=actor,
        by=by,
        changes={"email": found.email},
    )
    db.session.delete(found)
    return found

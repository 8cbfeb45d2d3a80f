"""Making and changing the people who sign in."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from flask_security.utils import hash_password

from eventsapp.accounts import queries
from eventsapp.accounts.access import RoleName
from eventsapp.accounts.errors import EmailTaken
from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db


def create_user(
    *,
    email: str,
    now: datetime,
    roles: Sequence[RoleName] = (),
    password: str | None = None,
    first_name: str = "",
    last_name: str = "",
    actor: User | None = None,
) -> User:
    """Make somebody who can sign in; without a password, by a code sent to the address. Raises ``EmailTaken``."""
    address = email.strip().lower()
    if queries.by_email(address) is not None:
        raise EmailTaken("Quelqu’un se connecte déjà avec cette adresse.", errors={"/email": "Adresse déjà utilisée."})
    user = User(
        email=address,
        password=hash_password(password) if password else None,
        first_name=first_name,
        last_name=last_name,
        fs_uniquifier=secrets.token_hex(32),
        confirmed_at=now,
        created_at=now,
        roles=queries.roles_named([role.value for role in roles]),
    )
    db.session.add(user)
    db.session.flush()
    audit.record(
        "team.create", actor=actor, subject=subject(user), now=now, changes={"roles": [role.value for role in roles]}
    )
    return user


def ensure_reader(*, email: str, now: datetime, first_name: str = "", last_name: str = "") -> User:
    """Return the person with that address, made on the first occasion, so that a subscriber can sign in."""
    existing = queries.by_email(email)
    return existing or create_user(email=email, now=now, first_name=first_name, last_name=last_name)


def set_roles(user: User, *, roles: Sequence[RoleName], active: bool, actor: User, now: datetime) -> None:
    """Give ``user`` exactly these roles; somebody made inactive is signed out everywhere."""
    before = {"roles": sorted(role.name for role in user.roles), "active": user.active}
    user.roles = queries.roles_named([role.value for role in roles])
    user.active = active
    if not active:
        user.fs_uniquifier = secrets.token_hex(32)
    after = {"roles": sorted(role.name for role in user.roles), "active": user.active}
    if changes := audit.difference(before, after):
        audit.record("team.edit", actor=actor, subject=subject(user), now=now, changes=changes)


def subject(user: User) -> tuple[str, int, str]:
    """Return how the history names ``user``."""
    return ("user", user.id, user.name)

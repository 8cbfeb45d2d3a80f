"""Reading users and roles."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventsapp.accounts.models import Role, User
from eventsapp.core.db import db


def by_email(email: str) -> User | None:
    """Return the user with that address, roles loaded, or ``None``."""
    return db.session.scalar(
        sa.select(User).where(User.email == email.strip().lower()).options(selectinload(User.roles))
    )


def team() -> Sequence[User]:
    """Return the people who have a role, roles loaded, by name."""
    return db.session.scalars(
        sa.select(User).where(User.roles.any()).order_by(User.last_name, User.email).options(selectinload(User.roles))
    ).all()


def team_member(user_id: int) -> User | None:
    """Return that user, roles loaded, or ``None``."""
    return db.session.scalar(sa.select(User).where(User.id == user_id).options(selectinload(User.roles)))


def roles_named(names: Sequence[str]) -> list[Role]:
    """Return the roles with these names."""
    return list(db.session.scalars(sa.select(Role).where(Role.name.in_(names)).order_by(Role.name)))

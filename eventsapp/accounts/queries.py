"""Reading users and roles."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from eventsapp.accounts.models import EndedSession, Role, SignInCode, User
from eventsapp.accounts.statuses import ROLE_LABELS
from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Kind, Listing, State


def by_email(email: str) -> User | None:
    """Return the user with that address, roles loaded, or ``None``."""
    return db.session.scalar(
        sa.select(User).where(User.email == email.strip().lower()).options(selectinload(User.roles))
    )


def signed_in(uniquifier: str, *, session_key: str) -> User | None:
    """Return the active user of a session that was not ended, roles loaded, or ``None``: one query a request."""
    ended = sa.exists().where(EndedSession.key == session_key)
    return (
        db.session.scalars(
            sa.select(User).where(User.fs_uniquifier == uniquifier, User.active, ~ended).options(joinedload(User.roles))
        )
        .unique()
        .one_or_none()
    )


def addresses_of(*roles: str) -> Sequence[str]:
    """Return the addresses of the active people who have the first of these roles that somebody has."""
    for role in roles:
        found = db.session.scalars(
            sa.select(User.email).where(User.active, User.roles.any(Role.name == role)).order_by(User.email)
        ).all()
        if found:
            return found
    return ()


def by_uniquifier(uniquifier: str) -> User | None:
    """Return the active user that a link of ours names, or ``None``."""
    return db.session.scalar(sa.select(User).where(User.fs_uniquifier == uniquifier, User.active))


def team_list() -> Listing:
    """Describe the list of the people who have a role."""
    return Listing(
        name="equipe",
        title=_l("Équipe"),
        statement=sa.select(User).where(User.roles.any()),
        loads=(selectinload(User.roles),),
        states=(
            State("actifs", _l("Peuvent se connecter"), User.active),
            State("inactifs", _l("Désactivés"), ~User.active),
        ),
        search=(User.first_name, User.last_name, User.email),
        domains=(User.email,),
        search_hint=_l("Nom, courriel"),
        filters=(
            Choice(
                name="role",
                label=_l("Rôle"),
                options={role.value: label for role, label in ROLE_LABELS.items()},
                where=lambda role: User.roles.any(Role.name == role),
            ),
        ),
        columns=(
            Column(
                "nom",
                _l("Nom"),
                lambda user: user.name,
                opens=True,
                sort=User.last_name,
                second=lambda user: user.email,
                second_label=_l("Courriel"),
            ),
            Column("roles", _l("Rôles"), _role_labels),
            Column("mot-de-passe", _l("Mot de passe"), _password_standing, on_phone=False),
            Column(
                "depuis",
                _l("Depuis"),
                lambda user: user.created_at,
                kind=Kind.MOMENT,
                sort=User.created_at,
                on_phone=False,
            ),
        ),
        order=(User.last_name, User.email),
        empty=_l("Les personnes que vous invitez paraîtront ici."),
    )


def team_member(user_id: int) -> User | None:
    """Return that user, roles loaded, or ``None``."""
    return db.session.scalar(sa.select(User).where(User.id == user_id).options(selectinload(User.roles)))


def roles_named(names: Sequence[str]) -> list[Role]:
    """Return the roles with these names."""
    return list(db.session.scalars(sa.select(Role).where(Role.name.in_(names)).order_by(Role.name)))


def active_with_role(name: str, *, but: int) -> int:
    """Return how many active people besides ``but`` have the role."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(User.id)).where(User.active, User.id != but, User.roles.any(Role.name == name))
        )
        or 0
    )


def code_of(user: User, *, now: datetime) -> SignInCode | None:
    """Return the code that ``user`` may sign in with at ``now``, or ``None``."""
    return db.session.scalar(sa.select(SignInCode).where(SignInCode.user_id == user.id, SignInCode.expires_at > now))


def _role_labels(user: User) -> str:
    labels = {role.value: str(label) for role, label in ROLE_LABELS.items()}
    return ", ".join(sorted(labels.get(role.name, role.name) for role in user.roles))


def _password_standing(user: User) -> str:
    return str(_l("choisi") if user.password else _l("pas encore choisi"))

"""People who sign in, and their roles."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Base, Model

users_roles = sa.Table(
    "users_roles",
    Base.metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Role(Model, RoleMixin):
    """A role by its code; what it may do stands in ``access.py``."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    description: Mapped[str] = mapped_column(sa.String(200), default="")


class User(Model, UserMixin):
    """Somebody who can sign in: staff by password, readers by password or by a code sent to their address."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    password: Mapped[str | None] = mapped_column(sa.String(255))
    first_name: Mapped[str] = mapped_column(sa.String(80), default="")
    last_name: Mapped[str] = mapped_column(sa.String(80), default="")
    active: Mapped[bool] = mapped_column(default=True)
    #: Changes when every session of the person must end.
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=users_roles, lazy="raise"
    )

    @property
    def name(self) -> str:
        """What to call the person: the name, or the address where none was given."""
        return self.given_name or self.email

    @property
    def given_name(self) -> str:
        """The name and nothing else, for what others read: empty where none was given."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def calling_name(self) -> str:
        return self.first_name or self.email

    def get_security_payload(self) -> dict[str, Any]:
        return {"email": self.email}


class SignInCode(Model):
    """The one code by which somebody may sign in; the next one sent takes its place."""

    __tablename__ = "sign_in_codes"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    expires_at: Mapped[datetime]


class EndedSession(Model):
    """A session that its owner ended: whoever kept a copy of the cookie is not let in with it."""

    __tablename__ = "ended_sessions"

    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    ended_at: Mapped[datetime]

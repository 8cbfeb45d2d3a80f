"""Tokens of programs."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.api.statuses import Scope
from eventsapp.core.db import Model


class ApiToken(Model):
    """What a program shows to be let in; only the fingerprint of the token is kept."""

    __tablename__ = "api_tokens"

    name: Mapped[str] = mapped_column(sa.String(100))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: Codes of ``statuses.Scope``.
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    revoked_at: Mapped[datetime | None]

    @property
    def known_scopes(self) -> frozenset[Scope]:
        """The scopes that the code still knows."""
        known = {scope.value: scope for scope in Scope}
        return frozenset(known[code] for code in self.scopes if code in known)

"""Baskets: what a visitor is about to order."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model


class Basket(Model):
    """Seats and subscriptions chosen so far; the visitor's cookie holds the token, we its fingerprint."""

    __tablename__ = "baskets"

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: Shaped like ``items`` of the API's order; what was taken out last stays in its place, marked ``removed``.
    items: Mapped[list[Any]] = mapped_column(default=list)
    updated_at: Mapped[datetime] = mapped_column(index=True)

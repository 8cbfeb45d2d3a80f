"""Actions on many registrations, and each registration of them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.batches.statuses import BatchAction, BatchStatus, ItemOutcome
from eventsapp.core.db import Model
from eventsapp.registrations.models import Registration


class Batch(Model):
    """What somebody asked to be done to many registrations."""

    __tablename__ = "batches"
    __table_args__ = (sa.Index(None, "status", "starts_at"),)

    #: Of the form that asked for it: sent twice, it is one action.
    form_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    action: Mapped[BatchAction]
    status: Mapped[BatchStatus]
    #: Why registrations are cancelled, for the buyers and the history.
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    #: The address of the list that it was asked from.
    origin: Mapped[str] = mapped_column(sa.String(1000), default="")
    asked_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    actor_label: Mapped[str] = mapped_column(sa.String(200))
    #: From then on the worker does it.
    starts_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class BatchItem(Model):
    """One registration of an action, and what became of it."""

    __tablename__ = "batch_items"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "registration_id"),
        sa.Index(None, "batch_id", "outcome"),
    )

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batches.id", ondelete="CASCADE"))
    batch: Mapped[Batch] = relationship(lazy="raise")
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    registration: Mapped[Registration] = relationship(lazy="raise")
    outcome: Mapped[ItemOutcome]
    #: Why it was not done, or not taken back.
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    #: What it was before, for whoever takes it back.
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)

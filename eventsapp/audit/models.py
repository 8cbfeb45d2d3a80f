"""The history: one row for each thing somebody did."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model


class AuditEntry(Model):
    """Who did what to what; the label of both is kept, so that the line reads on when they are gone."""

    __tablename__ = "audit_entries"
    __table_args__ = (sa.Index(None, "subject_kind", "subject_id"),)

    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    actor_label: Mapped[str] = mapped_column(sa.String(200))
    action: Mapped[str] = mapped_column(sa.String(80), index=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    subject_label: Mapped[str] = mapped_column(sa.String(300))
    #: Field → [before, after], or what else tells the story.
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)

"""What happened at the doors, and who was there when."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.attendance.statuses import CheckInKind, Outcome, Part, Source
from eventsapp.core.db import Model
from eventsapp.registrations.models import Registration


class CheckIn(Model):
    """One scan, one name touched, one admission taken back: kept whatever came of it."""

    __tablename__ = "check_ins"
    __table_args__ = (
        sa.Index(None, "study_day_id", "at"),
        sa.Index(None, "registration_id", "id"),
        # Stands behind the conditional UPDATE of ``registrations.attend``: one seat lets in once.
        sa.Index(
            "uq_check_ins_live_admission",
            "registration_id",
            unique=True,
            sqlite_where=sa.text("outcome = 'admitted' AND undone_at IS NULL"),
            postgresql_where=sa.text("outcome = 'admitted' AND undone_at IS NULL"),
        ),
        sa.CheckConstraint("undone_at IS NULL OR outcome = 'admitted'", name="only_admissions_are_undone"),
    )

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id"))
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    registration: Mapped[Registration] = relationship(lazy="raise")
    kind: Mapped[CheckInKind]
    outcome: Mapped[Outcome]
    #: When it took place, as the device says; when the server heard of it.
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    #: How the door calls itself.
    device: Mapped[str] = mapped_column(sa.String(60), default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    by_label: Mapped[str] = mapped_column(sa.String(200))
    #: Of a scan that a phone kept while it was offline: handed over twice, it is still one.
    client_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    #: The admission that stood in the way, or that was taken back.
    first_id: Mapped[int | None] = mapped_column(sa.ForeignKey("check_ins.id"), index=True)
    first: Mapped["CheckIn | None"] = relationship(lazy="raise", remote_side="CheckIn.id")
    #: Why the ticket was refused, for a ticket that was replaced.
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    undone_at: Mapped[datetime | None]

    @property
    def was_offline(self) -> bool:
        """Whether the server heard of it later than it took place."""
        return (self.received_at - self.at).total_seconds() > OFFLINE_SECONDS


#: A scan that took longer to arrive was kept on a phone meanwhile.
OFFLINE_SECONDS = 60


class Presence(Model):
    """Whether somebody was there for a half-day; nothing is known without a row."""

    __tablename__ = "presences"
    __table_args__ = (sa.UniqueConstraint("registration_id", "held_on", "part"),)

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    held_on: Mapped[date]
    part: Mapped[Part]
    present: Mapped[bool]
    source: Mapped[Source]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(200))
    #: The admission that shows it, when the door does.
    check_in_id: Mapped[int | None] = mapped_column(sa.ForeignKey("check_ins.id"), index=True)

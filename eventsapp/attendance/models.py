"""What happened at the doors, who was there when, the certificates of it, and the papers being made."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.attendance.statuses import CheckInKind, JobState, Outcome, PaperKind, Part, Source
from eventsapp.attendance.values import HalfDay
from eventsapp.core import references
from eventsapp.core.db import Model
from eventsapp.files.models import StoredFile
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay


class CheckIn(Model):
    """One scan, one name touched, one admission taken back: kept whatever came of it."""

    __tablename__ = "check_ins"
    __table_args__ = (
        sa.Index(None, "study_day_id", "at"),
        sa.Index(None, "registration_id", "id"),
        # Stands behind the conditional UPDATE of ``registrations.attend``: one seat lets in once on each date.
        sa.Index(
            "uq_check_ins_live_admission",
            "registration_id",
            "held_on",
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
    #: Which of the dates of the day it belongs to, by the venue's calendar.
    held_on: Mapped[date]
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
    #: What was entered from the sheet against this admission.
    against: Mapped["Presence | None"] = relationship(
        lazy="raise", viewonly=True, primaryjoin="and_(Presence.check_in_id == CheckIn.id, ~Presence.present)"
    )

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
    #: The admission that shows it, when the door does; or that says otherwise than the sheet, which outweighs it.
    check_in_id: Mapped[int | None] = mapped_column(sa.ForeignKey("check_ins.id"), index=True)


class Certificate(Model):
    """That somebody was there, as it was known when it was issued: what is printed and what its address says."""

    __tablename__ = "certificates"
    __table_args__ = (
        sa.Index(None, "study_day_id", "issued_at"),
        sa.Index(None, "registration_id"),
        # However many press the button, a seat has one that counts.
        sa.Index(
            "uq_certificates_standing",
            "registration_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        sa.CheckConstraint("minutes >= 0", name="minutes_positive"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_for_a_reason"),
    )

    #: Opens the page that says whether it counts: 128 random bits.
    code: Mapped[str] = mapped_column(sa.String(32), unique=True, default=references.new_ticket_code)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    registration: Mapped[Registration] = relationship(lazy="raise")
    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id"))
    study_day: Mapped[StudyDay] = relationship(lazy="raise")
    name: Mapped[str] = mapped_column(sa.String(200))
    job_title: Mapped[str] = mapped_column(sa.String(150), default="")
    #: Whom the person works for, as the order says; empty for who came on their own account.
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    #: The keys of the half-days, in order.
    half_days: Mapped[list[Any]]
    #: 0 where the hours of the day are not known.
    minutes: Mapped[int]
    #: With the certificate that the Ministry of Labour wants of a training; what sort of action it was.
    is_training: Mapped[bool] = mapped_column(default=False)
    action_nature: Mapped[str] = mapped_column(sa.String(200), default="")
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(sa.String(200), default="")
    #: Once only, however often it is asked for.
    sent_at: Mapped[datetime | None]
    sent_to: Mapped[str] = mapped_column(sa.String(254), default="")
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(sa.String(200), default="")
    revoked_reason: Mapped[str] = mapped_column(sa.String(300), default="")

    @property
    def counts(self) -> bool:
        """Whether it was not revoked."""
        return self.revoked_at is None

    @property
    def is_in_doubt(self) -> bool:
        """Whether it counts and the presence that it certifies is noted no more; the registration is loaded."""
        return self.counts and self.registration.status is not RegistrationStatus.ATTENDED

    @property
    def halves(self) -> list[HalfDay]:
        return [HalfDay.of(key) for key in self.half_days]


class PaperWording(Model):
    """What the office has printed on the papers of every day; one row."""

    __tablename__ = "paper_wording"

    #: Who signs, and where.
    signatory: Mapped[str] = mapped_column(sa.String(200), default="")
    signed_at: Mapped[str] = mapped_column(sa.String(100), default="")
    attendance_text: Mapped[str] = mapped_column(sa.Text, default="")
    #: As the model of the Ministry of Labour words it: before what was attended, and after.
    completion_text: Mapped[str] = mapped_column(sa.Text, default="")
    completion_pledge: Mapped[str] = mapped_column(sa.Text, default="")
    sheet_text: Mapped[str] = mapped_column(sa.Text, default="")
    convocation_text: Mapped[str] = mapped_column(sa.Text, default="")
    #: A paragraph for each article.
    agreement_text: Mapped[str] = mapped_column(sa.Text, default="")
    #: Days for which papers that were made stay to be downloaded.
    keep_days: Mapped[int] = mapped_column(default=14)
    updated_at: Mapped[datetime | None]


class DayPapers(Model):
    """What is said of the papers of one day; without a row it is no training, and nothing leaves by itself."""

    __tablename__ = "day_papers"

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"), unique=True)
    study_day: Mapped[StudyDay] = relationship(lazy="raise")
    is_training: Mapped[bool] = mapped_column(default=False)
    action_nature: Mapped[str] = mapped_column(sa.String(200), default="")
    sends_next_day: Mapped[bool] = mapped_column(default=False, index=True)
    #: When certificates left by themselves the last time.
    sent_by_itself_at: Mapped[datetime | None]


class PaperJob(Model):
    """Papers that somebody asked for: the worker makes them, and whatever stops it, it goes on from there."""

    __tablename__ = "paper_jobs"
    __table_args__ = (
        sa.Index(None, "study_day_id", "id"),
        sa.Index(None, "state", "finished_at"),
        # One at a time of a sort for a day, however often the button is pressed.
        sa.Index(
            "uq_paper_jobs_waiting",
            "study_day_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.CheckConstraint("done BETWEEN 0 AND total", name="done_within_total"),
    )

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"))
    study_day: Mapped[StudyDay] = relationship(lazy="raise")
    kind: Mapped[PaperKind]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Whom the papers are for when they are asked for: seats, or orders for agreements.
    subjects: Mapped[list[Any]] = mapped_column(default=list)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    asked_by: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    #: Until when a worker has it; one that died lets it go then.
    held_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    #: The seats, or orders for agreements, for which there is none.
    failed: Mapped[list[Any]] = mapped_column(default=list)
    #: Why, by the same keys as text.
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: What went wrong the last time.
    problem: Mapped[str] = mapped_column(sa.String(300), default="")
    parts: Mapped[list["PaperPart"]] = relationship(
        lazy="raise", order_by="PaperPart.position", cascade="all, delete-orphan", back_populates="job"
    )


class PaperPart(Model):
    """A file that is finished: one for a job, or several for very many people, so that memory stays bounded."""

    __tablename__ = "paper_parts"
    __table_args__ = (sa.UniqueConstraint("job_id", "position"),)

    job_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_jobs.id", ondelete="CASCADE"))
    job: Mapped[PaperJob] = relationship(lazy="raise", back_populates="parts")
    position: Mapped[int]
    pages: Mapped[int] = mapped_column(default=0)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    file: Mapped[StoredFile] = relationship(lazy="raise")

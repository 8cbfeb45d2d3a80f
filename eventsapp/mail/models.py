"""The outbox: every mail the application ever wrote."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model
from eventsapp.mail.statuses import MailStatus, SuppressionReason


class OutgoingMail(Model):
    """One mail to one person, written in the transaction of its cause."""

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        sa.Index(None, "status", "due_at"),
        sa.Index(None, "subject_kind", "subject_id"),
    )

    created_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    template: Mapped[str] = mapped_column(sa.String(80))
    locale: Mapped[str] = mapped_column(sa.String(5))
    to_address: Mapped[str] = mapped_column(sa.String(254), index=True)
    to_name: Mapped[str] = mapped_column(sa.String(200), default="")
    reply_to: Mapped[str] = mapped_column(sa.String(254), default="")
    subject: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    message_id: Mapped[str] = mapped_column(sa.String(200), unique=True)
    #: What the mail is about: ("order", 12).
    subject_kind: Mapped[str | None] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None]
    #: The day it tells of, for the messages of that day; named as text, a higher room.
    study_day_id: Mapped[int | None] = mapped_column(sa.ForeignKey("study_days.id", ondelete="SET NULL"), index=True)
    #: The seat that it is about, if it is about one: to whom it went is known by that alone once the address is erased.
    registration_id: Mapped[int | None] = mapped_column(index=True)
    #: Where its reader may say that they want no more of the kind; empty for what concerns their own registration.
    unsubscribe_url: Mapped[str] = mapped_column(sa.String(500), default="")
    status: Mapped[MailStatus] = mapped_column(default=MailStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def is_erased(self) -> bool:
        """Whether its time is over, or its reader forgotten: neither words nor address are kept."""
        return not self.subject and not self.to_address

    @property
    def title(self) -> str:
        """What to call it in lists: its subject, or that it is erased."""
        return str(_("Courriel effacé, texte et adresse")) if self.is_erased else self.subject


class MailRefusal(Model):
    """An address that asked to receive nothing more of a kind; only its fingerprint is kept."""

    __tablename__ = "mail_refusals"
    __table_args__ = (sa.UniqueConstraint("kind", "address_hash"),)

    kind: Mapped[str] = mapped_column(sa.String(40))
    address_hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]


class Suppression(Model):
    """An address that is left out of messages to many, and why; what concerns its own registration is always sent."""

    __tablename__ = "mail_suppressions"
    __table_args__ = (sa.UniqueConstraint("address", "reason"), sa.Index(None, "reason", "at"))

    address: Mapped[str] = mapped_column(sa.String(254))
    reason: Mapped[SuppressionReason]
    at: Mapped[datetime] = mapped_column(index=True)
    #: What the server answered, or which message was refused.
    detail: Mapped[str] = mapped_column(sa.String(500), default="")

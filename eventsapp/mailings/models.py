"""Messages to many, whom each was for, and the ledger of reminders."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import RecipientStatus
from eventsapp.mailings.statuses import MailingStatus, ReminderKind
from eventsapp.mailings.values import Audience


class Mailing(Model):
    """One message of the office to an audience."""

    __tablename__ = "mailings"
    __table_args__ = (sa.Index(None, "status", "starts_at"),)

    subject: Mapped[str] = mapped_column(sa.String(200))
    #: In Markdown, with placeholders.
    body: Mapped[str] = mapped_column(sa.Text)
    reply_to: Mapped[str] = mapped_column(sa.String(254), default="")
    #: As ``values.Audience`` keeps it.
    audience_data: Mapped[dict[str, Any]]
    status: Mapped[MailingStatus] = mapped_column(default=MailingStatus.DRAFT)
    #: About the readers' own coming day: nobody unsubscribes from that. Decided when it is sent.
    is_service: Mapped[bool] = mapped_column(default=False)
    #: How many addresses it was sent to, those left out included.
    total: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    author_label: Mapped[str] = mapped_column(sa.String(200))
    #: From then on it leaves; until then it may be taken back.
    starts_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    #: Raised at every save, so that two editors cannot silently overwrite each other.
    version: Mapped[int] = mapped_column(default=1)

    @property
    def audience(self) -> Audience:
        return Audience.read(self.audience_data)


class MailingRecipient(Model):
    """The ledger of a message: each address once, whatever happens to the worker; once its mails are erased, nobody."""

    __tablename__ = "mailing_recipients"
    __table_args__ = (sa.UniqueConstraint("mailing_id", "address"), sa.Index(None, "mailing_id", "status"))

    mailing_id: Mapped[int] = mapped_column(sa.ForeignKey("mailings.id", ondelete="CASCADE"))
    mailing: Mapped[Mailing] = relationship(lazy="raise")
    #: Nothing once the mail is erased.
    address: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    #: Empty then, as the facts are.
    name: Mapped[str] = mapped_column(sa.String(200))
    #: Placeholder → what stands for it, as it was when the message was sent.
    facts: Mapped[dict[str, Any]]
    study_day_id: Mapped[int | None] = mapped_column(sa.ForeignKey("study_days.id", ondelete="SET NULL"), index=True)
    status: Mapped[RecipientStatus] = mapped_column(default=RecipientStatus.WAITING)
    #: Why the address was left out, or what failed.
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    mail_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outgoing_mails.id"), unique=True)
    mail: Mapped[OutgoingMail | None] = relationship(lazy="raise")


class DayReminder(Model):
    """What the office says of a reminder of one day; without a row it leaves, and says nothing more."""

    __tablename__ = "day_reminders"
    __table_args__ = (sa.UniqueConstraint("study_day_id", "kind"),)

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"))
    kind: Mapped[ReminderKind]
    enabled: Mapped[bool] = mapped_column(default=True)
    #: In Markdown, with placeholders: what stands above the practical sheet.
    text: Mapped[str] = mapped_column(sa.Text, default="")


class MailingSince(Model):
    """From when on something leaves by itself, where the site had days before it could: what is older is no news.

    Without a row there is no such bound.
    """

    __tablename__ = "mailings_since"

    kind: Mapped[ReminderKind] = mapped_column(unique=True)
    since: Mapped[datetime]


class ReminderSent(Model):
    """The ledger of reminders: each once for a seat and a date of its day."""

    __tablename__ = "day_reminders_sent"
    __table_args__ = (sa.UniqueConstraint("registration_id", "kind", "held_on"),)

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    kind: Mapped[ReminderKind]
    #: The date that the day had then: one that is moved is reminded of again.
    held_on: Mapped[date]
    sent_at: Mapped[datetime]
    #: Empty once its time is over.
    to_address: Mapped[str] = mapped_column(sa.String(254))


class ReportTold(Model):
    """The ledger of reports: each once to a person, whether they wanted the mail or not."""

    __tablename__ = "day_reports_told"
    __table_args__ = (sa.UniqueConstraint("article_id", "to_address"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    #: In lower case; once its time is over, a fingerprint (``rules.fingerprint``).
    to_address: Mapped[str] = mapped_column(sa.String(254))
    told_at: Mapped[datetime]
    #: Without one, the person wants no more messages.
    mail_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outgoing_mails.id"), index=True)
    mail: Mapped[OutgoingMail | None] = relationship(lazy="raise")

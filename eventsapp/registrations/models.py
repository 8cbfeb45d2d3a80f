"""Registrations: one seat of one person, known yet or not."""

import json
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core import i18n, references
from eventsapp.core.db import Model
from eventsapp.files.models import StoredFile
from eventsapp.orders.models import Order, OrderLine
from eventsapp.registrations.statuses import CONFIRMED, NamedBy, NamingReminder, RegistrationStatus
from eventsapp.registrations.values import Value, identity
from eventsapp.study_days.models import Question, Rate, StudyDay
from eventsapp.study_days.statuses import QuestionKind


class Registration(Model):
    """One person's seat at one day, bought by an order line.

    A seat may be bought before it is known whom it is for: names and address are empty until it is.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        sa.Index(None, "study_day_id", "status"),
        # The tabs of the list of all: few among many, the latest first.
        sa.Index(None, "status", "created_at"),
        sa.Index(None, "last_name", "first_name"),
        sa.CheckConstraint("named_at IS NULL OR last_name <> ''", name="named_has_name"),
    )

    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_lines.id"), index=True)
    order_line: Mapped[OrderLine] = relationship(lazy="raise")
    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id"))
    study_day: Mapped[StudyDay] = relationship(lazy="raise")
    rate_id: Mapped[int] = mapped_column(sa.ForeignKey("rates.id"), index=True)
    rate: Mapped[Rate] = relationship(lazy="raise")
    #: From 1 within the order's seats of the day.
    position: Mapped[int]
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    #: Empty where somebody came to the door without one.
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    job_title: Mapped[str] = mapped_column(sa.String(150), default="")
    #: What the person asks for to be able to take part; only the organiser sees it.
    access_needs: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[RegistrationStatus]
    #: When it was noted the last time that the person did not come.
    absent_noted_at: Mapped[datetime | None]
    #: Opens the page of the person who has the seat; another one with another person.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    #: What the ticket carries; another one with another person, the former is in ``retired_tickets``.
    ticket_code: Mapped[str] = mapped_column(sa.String(32), unique=True, default=references.new_ticket_code)
    #: When it was said whom the seat is for; without, it is still to be named.
    named_at: Mapped[datetime | None] = mapped_column(index=True)
    named_by: Mapped[NamedBy | None]
    #: Who was asked by mail to fill in the seat, and when.
    invited_email: Mapped[str] = mapped_column(sa.String(254), default="")
    invited_at: Mapped[datetime | None]
    #: When somebody was reminded of it by hand last.
    reminded_at: Mapped[datetime | None]
    #: Raised when what the person's calendar shows changes.
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    #: When it was cancelled by itself: it does not come back with its order.
    withdrawn_at: Mapped[datetime | None]
    is_test: Mapped[bool] = mapped_column(default=False)
    #: To what the organiser asks each participant.
    answer_rows: Mapped[list["Answer"]] = relationship(lazy="raise", viewonly=True)

    @property
    def is_named(self) -> bool:
        """Whether it is known whom the seat is for."""
        return self.named_at is not None

    @property
    def written_at(self) -> datetime | None:
        """When somebody was asked for the name last."""
        return max((moment for moment in (self.invited_at, self.reminded_at) if moment), default=None)

    @property
    def awaits_answer(self) -> bool:
        """Whether somebody was asked to fill it in and has not."""
        return not self.is_named and bool(self.invited_email)

    @property
    def has_ticket(self) -> bool:
        """Whether it opens the door: only a confirmed seat does, whether it is known whose it is or not."""
        return self.status in CONFIRMED

    @property
    def name(self) -> str:
        """Who has the seat, or which of the order's seats is still to be named."""
        if not self.is_named:
            unnamed: str = _("Place à nommer n° %(number)s", number=self.position)
            return unnamed
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def identity(self) -> tuple[str, str]:
        """What two seats of one person share, however it was typed."""
        return identity(email=self.email, first_name=self.first_name, last_name=self.last_name)


class RetiredTicket(Model):
    """The code of a ticket that no longer opens a door, and why."""

    __tablename__ = "retired_tickets"

    code: Mapped[str] = mapped_column(sa.String(32), unique=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    registration: Mapped[Registration] = relationship(lazy="raise")
    retired_at: Mapped[datetime]
    #: For whoever stands at the door: « remplacé par Claude Roux le 12 janvier 2027 », in French.
    reason: Mapped[str] = mapped_column(sa.String(300))


class NamingReminderSent(Model):
    """The ledger of reminders that a seat has no name: each once for a date of the day."""

    __tablename__ = "naming_reminders"
    __table_args__ = (sa.UniqueConstraint("registration_id", "kind", "held_on"),)

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    kind: Mapped[NamingReminder]
    #: The date that the day had then: one that is moved is reminded of again.
    held_on: Mapped[date]
    sent_at: Mapped[datetime]
    #: Empty once its time is over.
    to_address: Mapped[str] = mapped_column(sa.String(254))


class Answer(Model):
    """What a participant, or whoever ordered, answered to a question of the organiser."""

    __tablename__ = "answers"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "registration_id"),
        sa.UniqueConstraint("question_id", "order_id"),
        sa.CheckConstraint("(registration_id IS NULL) <> (order_id IS NULL)", name="of_seat_or_order"),
    )

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("questions.id"))
    question: Mapped[Question] = relationship(lazy="raise")
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Order.id), index=True)
    #: ``values.Value`` as JSON; of a file its name.
    content: Mapped[str] = mapped_column(sa.Text)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey(StoredFile.id), index=True)
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    answered_at: Mapped[datetime]

    @property
    def value(self) -> Value:
        """What was answered."""
        value: Value = json.loads(self.content)
        return value

    @property
    def text(self) -> str:
        """What was answered, in words; options in the language of the page where the question is loaded."""
        value, choices = self.value, self.question.choices
        if isinstance(value, bool):
            consented: str = _("oui")
            return consented
        if self.question.kind is QuestionKind.DATE:
            return i18n.date_short(date.fromisoformat(str(value)))
        chosen = value if isinstance(value, list) else [str(value)]
        return ", ".join(i18n.choose(each, choices.get(each, each)) for each in chosen)

"""Registrations: one seat of one person, known yet or not."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core import references
from eventsapp.core.db import Model
from eventsapp.orders.models import OrderLine
from eventsapp.registrations.statuses import CONFIRMED, NamedBy, NamingReminder, RegistrationStatus
from eventsapp.registrations.values import identity
from eventsapp.study_days.models import Rate, StudyDay


class Registration(Model):
    """One person's seat at one day, bought by an order line.

    A seat may be bought before it is known whom it is for: names and address are empty until it is.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        sa.Index(None, "study_day_id", "status"),
        sa.Index(None, "last_name", "first_name"),
        sa.CheckConstraint("named_at IS NULL OR (last_name <> '' AND email <> '')", name="named_has_name"),
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
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    job_title: Mapped[str] = mapped_column(sa.String(150), default="")
    #: What the person asks for to be able to take part; only the organiser sees it.
    access_needs: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[RegistrationStatus]
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
    to_address: Mapped[str] = mapped_column(sa.String(254))

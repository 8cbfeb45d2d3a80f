"""Steps by payment method, what was sent, pauses, and the rates of interest."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.core.i18n import choose
from eventsapp.dunning.statuses import CountedFrom, Level
from eventsapp.dunning.values import Rate, Step
from eventsapp.orders.models import Order


class ReminderStep(Model):
    """A reminder that orders by a payment method get when they are late; edited in the office."""

    __tablename__ = "reminder_steps"
    __table_args__ = (
        sa.UniqueConstraint("method", "step"),
        sa.CheckConstraint("step > 0", name="step_positive"),
        sa.CheckConstraint("days >= 0", name="days_positive"),
    )

    #: The code of a row of ``payment_methods``; gone with it.
    method: Mapped[str] = mapped_column(sa.ForeignKey("payment_methods.code", ondelete="CASCADE"))
    step: Mapped[int]
    counted_from: Mapped[CountedFrom]
    days: Mapped[int]
    level: Mapped[Level]
    title: Mapped[str] = mapped_column(sa.String(100))
    title_en: Mapped[str] = mapped_column(sa.String(100))
    text: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str] = mapped_column(sa.Text)

    def value(self) -> Step:
        """Return the step in the language in use."""
        return Step(
            step=self.step,
            counted_from=self.counted_from,
            days=self.days,
            level=self.level,
            title=choose(self.title, self.title_en),
            text=choose(self.text, self.text_en),
        )


class Reminder(Model):
    """A reminder that was sent: each step of an order once, however often the sweep runs."""

    __tablename__ = "reminders"
    __table_args__ = (sa.UniqueConstraint("order_id", "step"),)

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise")
    step: Mapped[int]
    #: The day from which it was to go.
    due_on: Mapped[date]
    sent_at: Mapped[datetime]
    #: Who sent it by hand; nobody for the sweep.
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    #: ``values.Letter`` as JSON.
    content: Mapped[dict[str, Any]]


class ReminderPause(Model):
    """No reminder for an order, or for all orders of a customer, up to a day."""

    __tablename__ = "reminder_pauses"

    #: Empty when it is about the customer.
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    #: SIRET, or mail address of who has none; empty when it is about one order.
    customer: Mapped[str] = mapped_column(sa.String(254), default="", index=True)
    #: The last day without reminders.
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(300))
    created_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class InterestRate(Model):
    """The European Central Bank's rate on the first day of a half-year, and what the law adds to it."""

    __tablename__ = "interest_rates"

    since: Mapped[date] = mapped_column(unique=True)
    #: Main refinancing operations, in hundredths of a percent.
    ecb: Mapped[int]
    margin: Mapped[int]
    fee_cents: Mapped[int]

    def value(self) -> Rate:
        return Rate(since=self.since, ecb=self.ecb, margin=self.margin, fee_cents=self.fee_cents)

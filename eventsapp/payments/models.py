"""Payment methods, payments, refunds, what was said with Stripe, and what of it somebody must look at."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.core.i18n import choose
from eventsapp.orders.models import Order
from eventsapp.payments.statuses import CardSessionStatus, EventOutcome, InvoiceMoment


class PaymentMethod(Model):
    """A way to pay, whole: when it confirms the seat, its delays, what the buyer must give, its texts.

    Nothing in the code asks which method an order has; it asks what the method's row says.
    """

    __tablename__ = "payment_methods"

    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    position: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(60))
    #: What happens next, shown beside the choice.
    summary: Mapped[str] = mapped_column(sa.Text)
    summary_en: Mapped[str] = mapped_column(sa.Text)
    #: When it is paid, in three words: « à 30 jours ».
    delay_label: Mapped[str] = mapped_column(sa.String(40))
    delay_label_en: Mapped[str] = mapped_column(sa.String(40))
    #: How to pay, on the order's page and in the mail.
    instructions: Mapped[str] = mapped_column(sa.Text, default="")
    instructions_en: Mapped[str] = mapped_column(sa.Text, default="")
    #: What the instructions are followed by, by name (``payments.queries.payment_details``): payee, address, iban…
    shown_details: Mapped[list[Any]] = mapped_column(default=list)
    #: Paid on the card gateway's page.
    online: Mapped[bool]
    #: The promise is enough: the seat is confirmed when the order is placed.
    confirms_seat: Mapped[bool]
    #: The promise is enough: a subscription runs from the order.
    starts_subscription: Mapped[bool]
    #: How long an unconfirmed order holds its seats.
    hold_minutes: Mapped[int | None]
    #: Days until the money is due, and how many more are granted in silence.
    payment_days: Mapped[int | None]
    grace_days: Mapped[int] = mapped_column(default=0)
    #: Names of the fields that the buyer must give, and of those that are offered besides.
    required_fields: Mapped[list[Any]] = mapped_column(default=list)
    optional_fields: Mapped[list[Any]] = mapped_column(default=list)
    #: Not offered in the last days before a study day.
    closes_days_before: Mapped[int] = mapped_column(default=0)
    #: When the invoice is issued, and what it calls this means of payment (UNTDID 4461: 48 card, 20 cheque).
    invoice_at: Mapped[InvoiceMoment] = mapped_column(default=InvoiceMoment.ORDER)
    means_code: Mapped[str] = mapped_column(sa.String(3), default="30")
    #: What the office types when money arrives this way: « Numéro du chèque ».
    reference_label: Mapped[str] = mapped_column(sa.String(60), default="")

    @property
    def asked_fields(self) -> set[str]:
        """The names of the fields that the buyer must or may fill in."""
        return {*self.required_fields, *self.optional_fields}

    @property
    def local_name(self) -> str:
        """The name in the language in use."""
        return choose(self.name, self.name_en)

    @property
    def local_summary(self) -> str:
        return choose(self.summary, self.summary_en)

    @property
    def local_delay(self) -> str:
        return choose(self.delay_label, self.delay_label_en)

    @property
    def local_instructions(self) -> str:
        return choose(self.instructions, self.instructions_en)


class Payment(Model):
    """Money that came in for an order."""

    __tablename__ = "payments"
    __table_args__ = (sa.CheckConstraint("amount_cents > 0", name="amount_positive"),)

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise")
    method: Mapped[str] = mapped_column(sa.String(20), index=True)
    amount_cents: Mapped[int]
    received_on: Mapped[date] = mapped_column(index=True)
    recorded_at: Mapped[datetime]
    #: The cheque's or the transfer's number, as typed.
    reference: Mapped[str] = mapped_column(sa.String(100), default="", index=True)
    bank: Mapped[str] = mapped_column(sa.String(100), default="")
    payer: Mapped[str] = mapped_column(sa.String(200), default="")
    #: Stripe's payment intent: one payment each, however often we are told.
    gateway_reference: Mapped[str | None] = mapped_column(sa.String(100), unique=True)
    #: Of the page on which the office typed it: sent twice, it counts once.
    form_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)


class Refund(Model):
    """Money that went back to the payer of an order."""

    __tablename__ = "refunds"
    __table_args__ = (sa.CheckConstraint("amount_cents > 0", name="amount_positive"),)

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise")
    method: Mapped[str] = mapped_column(sa.String(20))
    amount_cents: Mapped[int]
    refunded_on: Mapped[date]
    recorded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    gateway_reference: Mapped[str | None] = mapped_column(sa.String(100), unique=True)
    #: Of the page on which the office typed it: sent twice, it counts once.
    form_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)


class CardSession(Model):
    """A page opened at Stripe so that an order can be paid by card."""

    __tablename__ = "card_sessions"
    __table_args__ = (sa.UniqueConstraint("order_id", "attempt"), sa.Index(None, "status", "opened_at"))

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise")
    #: From 1; part of the idempotency key, so that a repeated request finds the same page.
    attempt: Mapped[int]
    #: Stripe's; empty when it answered with an error.
    session_id: Mapped[str | None] = mapped_column(sa.String(100), unique=True)
    url: Mapped[str] = mapped_column(sa.Text, default="")
    #: What the page asks for: what was left to pay when it was opened.
    amount_cents: Mapped[int]
    #: As Stripe told it; open until then, however long ago the page should have closed.
    status: Mapped[CardSessionStatus]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class GatewayEvent(Model):
    """Something that Stripe told us, kept once by its id."""

    __tablename__ = "gateway_events"

    event_id: Mapped[str] = mapped_column(sa.String(100), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    received_at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[EventOutcome] = mapped_column(index=True)
    #: Why it was refused, for the office.
    detail: Mapped[str] = mapped_column(sa.Text, default="")
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"), index=True)


class PaymentAlert(Model):
    """Money at Stripe that does not fit an order: nothing was counted for it, somebody must look; once a payment."""

    __tablename__ = "payment_alerts"

    #: Stripe's payment intent, or its page where there is none.
    payment_id: Mapped[str] = mapped_column(sa.String(100), unique=True)
    #: The order's, as Stripe has it; it may be nobody's.
    reference: Mapped[str] = mapped_column(sa.String(100), default="")
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order | None] = relationship(lazy="raise")
    amount_cents: Mapped[int]
    #: As Stripe writes it: not always ``rules.CURRENCY``, which may be the very problem.
    currency: Mapped[str] = mapped_column(sa.String(10))
    problem: Mapped[str] = mapped_column(sa.Text)
    raised_at: Mapped[datetime] = mapped_column(index=True)
    handled_at: Mapped[datetime | None] = mapped_column(index=True)
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    #: What was done about it.
    note: Mapped[str] = mapped_column(sa.String(500), default="")

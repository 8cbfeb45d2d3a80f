"""Orders and their lines."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.core.i18n import choose
from eventsapp.core.money import VatShare, vat_shares
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.organisations.models import Organisation
from eventsapp.vat import rules as vat_rules
from eventsapp.vat.values import Part


def _few(name: str, condition: str, *, sqlite: str = "") -> sa.Index:
    """Return an index of the orders that meet a condition, written as each database is asked for it."""
    return sa.Index(name, "id", postgresql_where=sa.text(condition), sqlite_where=sa.text(sqlite or condition))


class Order(Model):
    """What somebody ordered, to whom it is billed, and where it stands."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.CheckConstraint("total_cents >= 0", name="total_positive"),
        sa.CheckConstraint("credited_cents BETWEEN 0 AND total_cents", name="credited_within_total"),
        sa.Index(None, "status", "expires_at"),
        sa.Index(None, "status", "payment_status"),
        # The few among many that wait for somebody, and whether anything but trials exists.
        _few("ix_orders_overpaid", "payment_status = 'overpaid'"),
        _few("ix_orders_paid_without_seat", "paid_without_seat", sqlite="paid_without_seat = 1"),
        # Those that money may come for (``receipts.queries``).
        _few(
            "ix_orders_awaiting",
            "status <> 'cancelled' AND total_cents - credited_cents - paid_cents + refunded_cents > 0",
            sqlite="status != 'cancelled' AND total_cents - credited_cents - paid_cents + refunded_cents > 0",
        ),
        _few("ix_orders_lost", "refunded_cents > paid_cents"),
        _few("ix_orders_real", "NOT is_test", sqlite="is_test = 0"),
    )

    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    secret: Mapped[str] = mapped_column(sa.String(64))
    #: From the API's header or the form's hidden field: the same key never makes a second order.
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    #: Of the request that used the key, to tell a repetition from another request.
    request_fingerprint: Mapped[str | None] = mapped_column(sa.String(64))
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    placed_at: Mapped[datetime] = mapped_column(index=True)

    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80), index=True)
    phone: Mapped[str] = mapped_column(sa.String(30), default="")

    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    #: As given when the order was placed; what the organisation is called later changes nothing here.
    billing_name: Mapped[str] = mapped_column(sa.String(200), default="", index=True)
    billing_address: Mapped[str] = mapped_column(sa.String(300), default="")
    billing_postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    billing_city: Mapped[str] = mapped_column(sa.String(100), default="")
    billing_email: Mapped[str] = mapped_column(sa.String(254), default="")
    siret: Mapped[str] = mapped_column(sa.String(14), default="")
    service_code: Mapped[str] = mapped_column(sa.String(100), default="")
    commitment_number: Mapped[str] = mapped_column(sa.String(50), default="")
    #: The buyer's, where it gave one.
    vat_number: Mapped[str] = mapped_column(sa.String(20), default="")

    #: Whose account the books keep it on; of orders older than that, empty: an account of its own, under its reference.
    customer_number: Mapped[str | None] = mapped_column(sa.String(20), index=True)

    #: The code of a row of ``payment_methods``, a higher room.
    payment_method: Mapped[str] = mapped_column(sa.ForeignKey("payment_methods.code"), index=True)
    #: What the method said on the day of the order, as that room writes it; what it says later changes nothing here.
    payment_terms: Mapped[dict[str, Any]]
    #: The terms of cancellation of its days on the day of the order, by key, as ``checkout`` writes them.
    cancellation_terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[OrderStatus]
    payment_status: Mapped[PaymentStatus]
    #: Tax included, in cents; always the sum of the lines.
    total_cents: Mapped[int] = mapped_column(index=True)
    vat_cents: Mapped[int]
    #: Tax included: what of it was taken back, by a credit note or before any invoice; always the sum of the lines.
    credited_cents: Mapped[int] = mapped_column(default=0)
    #: Sums of the payments and refunds, kept beside them for lists.
    paid_cents: Mapped[int] = mapped_column(default=0)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    #: What stays with us of what was cancelled, under the terms of its days; always the sum of the lines.
    kept_cents: Mapped[int] = mapped_column(default=0)
    #: Until when an unpaid order holds its seats.
    expires_at: Mapped[datetime | None]
    #: Until when a promised payment is awaited; of an invoiced order, what its last invoice says.
    due_on: Mapped[date | None] = mapped_column(index=True)
    #: ``due_on`` and the days of grace: only the day after is the order late.
    tolerated_until: Mapped[date | None] = mapped_column(index=True)
    #: The day on which the subscription that its promise opened closes, as its buyer was told, and when it was closed.
    suspends_on: Mapped[date | None]
    suspended_at: Mapped[datetime | None]
    #: To be invoiced once its last day is over; whoever invoices it before ends that.
    awaits_invoice: Mapped[bool] = mapped_column(default=False, index=True)
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    #: Paid when it was expired and no seat was left, or cancelled, or its day called off: a refund is due.
    paid_without_seat: Mapped[bool] = mapped_column(default=False)
    terms_accepted_at: Mapped[datetime]
    #: The version of the terms of sale that was accepted, 0 for the shipped text, and what it said to the letter;
    #: empty for orders older than the versions.
    terms_version: Mapped[int | None]
    accepted_terms_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accepted_terms.id"), index=True)
    #: When a consumer withdrew, and in which words; the office cancels and gives the money back.
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)
    withdrawal: Mapped[str] = mapped_column(sa.Text, default="")
    #: Of the demonstration or of a trial: never in numbers or sequences of the real ones.
    is_test: Mapped[bool] = mapped_column(default=False)

    lines: Mapped[list["OrderLine"]] = relationship(
        lazy="raise", order_by="OrderLine.position", cascade="all, delete-orphan", back_populates="order"
    )

    @property
    def buyer_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def billed_to(self) -> str:
        """Whose name stands on the bill."""
        return self.billing_name or self.buyer_name

    @property
    def net_cents(self) -> int:
        return self.total_cents - self.vat_cents

    @property
    def vat(self) -> list[VatShare]:
        """The total by VAT rate; the lines are loaded with their parts."""
        return vat_shares((part.total_cents, part.rate) for line in self.lines for part in line.vat_parts)

    @property
    def owed_cents(self) -> int:
        """What the order costs in the end, tax included: what was taken back is no part of it."""
        return self.total_cents - self.credited_cents

    @property
    def is_being_withdrawn(self) -> bool:
        """Whether its buyer withdrew, and the office has not taken anything back of it yet."""
        return self.withdrawn_at is not None and self.status is OrderStatus.CONFIRMED and not self.credited_cents

    @property
    def overpaid_cents(self) -> int:
        """What came in beyond what the order costs in the end, and is to go back."""
        return max(0, -self.balance_cents)

    @property
    def lost_cents(self) -> int:
        """What went back beyond what came in, as when a cheque bounces that was refunded: the buyer owes it."""
        return max(0, self.refunded_cents - self.paid_cents)

    @property
    def awaited_cents(self) -> int:
        """What is still to be paid; negative when too much was. Of what expired nothing is, but what is lost."""
        return self.lost_cents if self.status is OrderStatus.EXPIRED else self.balance_cents

    @property
    def returnable_cents(self) -> int:
        """What came in and neither went back nor is kept as a fee."""
        return max(0, self.paid_cents - self.refunded_cents - self.kept_cents)

    @property
    def balance_cents(self) -> int:
        """What is still to be paid; negative when too much was."""
        return self.owed_cents - self.paid_cents + self.refunded_cents


class OrderLine(Model):
    """Something bought, described in words and amounts; what it is, a higher room knows."""

    __tablename__ = "order_lines"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "position"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("unit_price_cents >= 0", name="price_positive"),
        sa.CheckConstraint("total_cents = quantity * unit_price_cents - discount_cents", name="total_is_product"),
        sa.CheckConstraint("discount_cents BETWEEN 0 AND quantity * unit_price_cents", name="discount_within_price"),
        sa.CheckConstraint("cancelled_quantity BETWEEN 0 AND quantity", name="cancelled_within_quantity"),
        sa.CheckConstraint(
            "credited_cents >= 0 AND kept_cents >= 0 AND credited_cents + kept_cents <= total_cents",
            name="taken_back_within_total",
        ),
    )

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id", ondelete="CASCADE"))
    order: Mapped[Order] = relationship(lazy="raise", back_populates="lines")
    position: Mapped[int]
    #: In French, as it stands on every paper; in English beside it where what was bought has a name there.
    label: Mapped[str] = mapped_column(sa.String(300))
    label_en: Mapped[str] = mapped_column(sa.String(300), default="")
    #: Who it is for, when it is delivered: a second line in small.
    detail: Mapped[str] = mapped_column(sa.Text, default="")
    quantity: Mapped[int]
    #: Tax included, in cents.
    unit_price_cents: Mapped[int]
    #: What a promotional code takes off the whole line.
    discount_cents: Mapped[int] = mapped_column(default=0)
    total_cents: Mapped[int]
    #: How many of them were cancelled one by one, or with the order.
    cancelled_quantity: Mapped[int] = mapped_column(default=0)
    #: What was taken back of the line, tax included, and what is kept as a fee of what was cancelled.
    credited_cents: Mapped[int] = mapped_column(default=0)
    kept_cents: Mapped[int] = mapped_column(default=0)

    #: The same amount by tax: one part, or one for each component of what was bought.
    vat_parts: Mapped[list["OrderLineVat"]] = relationship(
        lazy="raise", order_by="OrderLineVat.position", cascade="all, delete-orphan"
    )

    @property
    def local_label(self) -> str:
        """What it is called in the language in use."""
        return choose(self.label, self.label_en)

    @property
    def vat_rates(self) -> list[int]:
        """The rates of its parts, the highest first, each once; the parts are loaded."""
        return vat_rules.rates_of(part.value for part in self.vat_parts)

    @property
    def quantity_left(self) -> int:
        return self.quantity - self.cancelled_quantity

    @property
    def owed_cents(self) -> int:
        """What the line costs in the end, the fees of what was cancelled included."""
        return self.total_cents - self.credited_cents

    @property
    def open_cents(self) -> int:
        """What those cost that are not cancelled."""
        return self.owed_cents - self.kept_cents


class OrderLineVat(Model):
    """A part of a line at one rate of tax, as it was on the day that counts: frozen with the order."""

    __tablename__ = "order_line_vat_parts"
    __table_args__ = (
        sa.UniqueConstraint("order_line_id", "position"),
        sa.CheckConstraint("rate BETWEEN 0 AND 10000", name="rate_bounds"),
        sa.CheckConstraint("unit_price_cents >= 0", name="price_positive"),
        sa.CheckConstraint("total_cents >= 0", name="total_positive"),
    )

    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_lines.id", ondelete="CASCADE"))
    #: From 1: the main one.
    position: Mapped[int]
    #: Empty where it is the whole line.
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    category: Mapped[str] = mapped_column(sa.ForeignKey("vat_categories.code"), index=True)
    #: In hundredths of a percent.
    rate: Mapped[int]
    #: Why no tax is due, as printed, and its code in VATEX.
    exemption: Mapped[str] = mapped_column(sa.String(300), default="")
    exemption_code: Mapped[str] = mapped_column(sa.String(40), default="")
    #: Of one unit, and of the line with its discount taken off; tax included, in cents.
    unit_price_cents: Mapped[int]
    total_cents: Mapped[int]

    @property
    def value(self) -> Part:
        return Part(
            label=self.label,
            category=self.category,
            rate=self.rate,
            exemption=self.exemption,
            exemption_code=self.exemption_code,
            unit_price_cents=self.unit_price_cents,
            total_cents=self.total_cents,
        )


class Reduction(Model):
    """What was taken back of a line at one moment: the columns of the line are the sums of these."""

    __tablename__ = "order_reductions"
    __table_args__ = (sa.UniqueConstraint("order_line_id", "form_key"),)

    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_lines.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(index=True)
    quantity: Mapped[int]
    credited_cents: Mapped[int]
    #: Negative where a fee is given up.
    kept_cents: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    #: Of the form that asked for it: sent twice, it is done once.
    form_key: Mapped[str | None] = mapped_column(sa.String(64))

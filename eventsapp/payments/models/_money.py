"""Payment methods, payments, refunds, deposits, the bank's lines, what was said with Stripe."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.core.i18n import choose
from eventsapp.orders.models import Order
from eventsapp.payments import rules
from eventsapp.payments.statuses import (
    AlertKind,
    BankLineStatus,
    CardSessionStatus,
    EventOutcome,
    EventState,
    InvoiceMoment,
    PaymentKind,
    RefundState,
)
from eventsapp.payments.values import MethodDraft, Terms


class PaymentMethod(Model):
    """A way to pay, whole: when it confirms the seat, its delays, what the buyer must give, its texts.

    Nothing in the code asks which method an order has; it asks what the method's row says. An order keeps the
    ``terms`` of the day on which it was placed: a change of them is for the orders to come.
    """

    __tablename__ = "payment_methods"
    __shown_in__ = "plans"
    __table_args__ = (
        sa.CheckConstraint("NOT (online AND confirms_seat)", name="online_is_paid_first"),
        sa.CheckConstraint("confirms_seat OR hold_minutes IS NOT NULL", name="seat_is_promised_or_held"),
        sa.CheckConstraint("hold_minutes > 0", name="hold_positive"),
        sa.CheckConstraint("NOT confirms_seat OR payment_days IS NOT NULL", name="promise_has_its_day"),
        sa.CheckConstraint("payment_days > 0", name="payment_days_positive"),
        sa.CheckConstraint("confirms_seat OR NOT starts_subscription", name="subscription_is_promised_too"),
        sa.CheckConstraint(
            "suspend_days IS NULL OR (starts_subscription AND suspend_days >= 0)", name="suspends_what_it_starts"
        ),
        sa.CheckConstraint("grace_days >= 0 AND closes_days_before >= 0", name="days_not_negative"),
        sa.CheckConstraint("NOT confirms_seat OR hold_minutes IS NULL", name="promise_holds_nothing"),
        sa.CheckConstraint(
            "confirms_seat OR (payment_days IS NULL AND grace_days = 0)", name="only_a_promise_is_awaited"
        ),
        sa.CheckConstraint("confirms_seat OR invoice_at = 'payment'", name="only_a_promise_is_invoiced_first"),
        sa.CheckConstraint(
            "purchase_order_days IS NULL OR (confirms_seat AND purchase_order_days > 0)", name="dossier_of_a_promise"
        ),
        sa.CheckConstraint(
            "invoice_at <> 'delivery' OR purchase_order_days IS NOT NULL", name="dossier_tells_of_delivery"
        ),
        sa.CheckConstraint(
            "NOT invoice_choice OR (confirms_seat AND purchase_order_days IS NOT NULL AND invoice_at <> 'payment')",
            name="choice_of_a_dossier",
        ),
        sa.CheckConstraint("NOT (proforma AND (online OR invoice_at = 'order'))", name="proforma_until_the_invoice"),
        sa.CheckConstraint("NOT online OR means_code = '48'", name="online_is_a_card"),
        sa.CheckConstraint("NOT online OR hold_minutes <= 1380", name="online_hold_within_a_day"),
    )

    #: In addresses, in the API and in the books: given once, never changed.
    code: Mapped[str] = mapped_column(sa.String(rules.CODE_LENGTH), unique=True)
    #: Raised by each save, so that two who edit at once do not overwrite each other unseen.
    version: Mapped[int] = mapped_column(default=1)
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
    #: Days after those of grace until it closes again, as nothing was paid; none: the office says.
    suspend_days: Mapped[int | None]
    #: How long an unconfirmed order holds its seats.
    hold_minutes: Mapped[int | None]
    #: Days until the money is due, and how many more are granted in silence.
    payment_days: Mapped[int | None]
    grace_days: Mapped[int] = mapped_column(default=0)
    #: Days until the buyer is reminded of the purchase order; none for a method without the dossier of a public body.
    purchase_order_days: Mapped[int | None]
    #: Names of the fields that the buyer must give, and of those that are offered besides.
    required_fields: Mapped[list[Any]] = mapped_column(default=list)
    optional_fields: Mapped[list[Any]] = mapped_column(default=list)
    #: Not offered in the last days before a study day.
    closes_days_before: Mapped[int] = mapped_column(default=0)
    #: When the invoice is issued, and what it calls this means of payment (UNTDID 4461: 48 card, 20 cheque).
    invoice_at: Mapped[InvoiceMoment] = mapped_column(default=InvoiceMoment.ORDER)
    means_code: Mapped[str] = mapped_column(sa.String(3), default="30")
    #: The buyer may choose: with the order, or after its last day; ``invoice_at`` is for who says nothing.
    invoice_choice: Mapped[bool] = mapped_column(default=False)
    #: A pro forma invoice is at hand from the order on, until there is the invoice.
    proforma: Mapped[bool] = mapped_column(default=False)
    #: What the office types when money arrives this way: « Numéro du chèque ».
    reference_label: Mapped[str] = mapped_column(sa.String(60), default="")

    @property
    def asked_fields(self) -> set[str]:
        """The names of the fields that the buyer must or may fill in."""
        return {*self.required_fields, *self.optional_fields}

    @property
    def draft(self) -> MethodDraft:
        """What the office would have to write to make it as it is."""
        given: dict[str, Any] = {name: getattr(self, name) for name in MethodDraft.__dataclass_fields__}
        return MethodDraft(**given | {name: tuple(value) for name, value in given.items() if isinstance(value, list)})

    @property
    def terms(self) -> Terms:
        """What an order placed now keeps of the method."""
        return Terms(**{name: getattr(self, name) for name in Terms.__dataclass_fields__})

    @property
    def local_name(self) -> str:
        """The name in the language in use."""
        return choose(self.name, self.name_en)

    @property
    def local_summary(self) -> str:
        return choose(self.summary, self.summary_en)

    def local_story(self, *, seats: bool, subscription: bool, gift: bool = False) -> str:
        """Return the summary, with what becomes of ``seats``, a ``subscription`` and a ``gift`` ordered this way."""
        promised = rules.what_is_promised(
            online=self.online,
            confirms_seat=self.confirms_seat,
            starts_subscription=self.starts_subscription,
            seats=seats,
            subscription=subscription,
            gift=gift,
        )
        return f"{self.local_summary} {promised}".strip()

    @property
    def local_delay(self) -> str:
        return choose(self.delay_label, self.delay_label_en)

    @property
    def local_instructions(self) -> str:
        return choose(self.instructions, self.instructions_en)


class Deposit(Model):
    """Cheques taken to the bank together, under one slip (« bordereau de remise »)."""

    __tablename__ = "deposits"

    deposited_on: Mapped[date] = mapped_column(index=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    #: As the slip says it: it stays when a cheque bounces later, and when the slip is cancelled.
    cheques: Mapped[int]
    total_cents: Mapped[int] = mapped_column(index=True)
    #: Of trials, as their orders are.
    is_test: Mapped[bool] = mapped_column(default=False)
    #: Made by mistake: its cheques wait again, its number is not given to another.
    cancelled_at: Mapped[datetime | None] = mapped_column(index=True)
    cancelled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    #: The line of the statement by which the bank says that it has the cheques: nothing is cancelled after it.
    bank_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bank_lines.id"), unique=True)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


class Payment(Model):
    """Money that came in for an order; of a negative amount, what takes it back or moves it to another order."""

    __tablename__ = "payments"
    __table_args__ = (
        sa.CheckConstraint("amount_cents <> 0 AND (amount_cents > 0 OR kind <> 'received')", name="amount_of_kind"),
        sa.CheckConstraint("kind = 'reversal' OR NOT by_mistake", name="mistake_is_reversed"),
        # In the order of their list, the latest first.
        sa.Index(None, "recorded_at", "id"),
    )

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise")
    method: Mapped[str] = mapped_column(sa.ForeignKey("payment_methods.code"), index=True)
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
    kind: Mapped[PaymentKind] = mapped_column(default=PaymentKind.RECEIVED)
    #: Of a reversal: what did not hold; once.
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payments.id"), unique=True)
    #: Of a reversal: the payment had never come, somebody had typed it by mistake.
    by_mistake: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: Of card money that was moved: the payment it was, which alone can be given back to its card.
    origin_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payments.id"), index=True)
    #: Why it was reversed or moved.
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    #: The slip under which the cheque went to the bank.
    deposit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deposits.id"), index=True)
    deposit: Mapped[Deposit | None] = relationship(lazy="raise")
    bank_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bank_lines.id"), index=True)


class Refund(Model):
    """Money that goes back to the payer of an order; it counts from the moment it is asked for, unless it fails."""

    __tablename__ = "refunds"
    __table_args__ = (sa.CheckConstraint("amount_cents > 0", name="amount_positive"),)

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise")
    method: Mapped[str] = mapped_column(sa.ForeignKey("payment_methods.code"), index=True)
    amount_cents: Mapped[int]
    refunded_on: Mapped[date]
    recorded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[RefundState] = mapped_column(default=RefundState.DONE, index=True)
    #: The card payment that it takes back; none when it was sent by hand.
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payments.id"), index=True)
    payment: Mapped[Payment | None] = relationship(lazy="raise")
    #: Under which Stripe is asked for it; Stripe keeps it with the refund, so that it is found again.
    request_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    #: Raised when Stripe answers with an error of its own, which it repeats for the same key.
    attempt: Mapped[int] = mapped_column(default=1)
    #: How often Stripe answered with an error, and when it is asked again; empty: at once.
    tries: Mapped[int] = mapped_column(default=0)
    ask_at: Mapped[datetime | None] = mapped_column(index=True)
    #: Why it failed, as Stripe says it.
    failure: Mapped[str] = mapped_column(sa.String(300), default="")
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
    """Something that Stripe told us, kept once by its id, and dealt with by a sweep; Stripe's own ids and no more."""

    __tablename__ = "gateway_events"
    __table_args__ = (
        sa.Index(None, "state", "due_at"),
        sa.CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name="done_has_its_outcome"),
        sa.CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name="waiting_has_its_time"),
    )

    event_id: Mapped[str] = mapped_column(sa.String(100), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    #: What it is about: a page, a payment, or nothing that concerns us.
    session_id: Mapped[str] = mapped_column(sa.String(100), default="")
    payment_id: Mapped[str] = mapped_column(sa.String(100), default="")
    live: Mapped[bool]
    received_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[EventState]
    #: When it is tried; while one tries, until when nobody else does.
    due_at: Mapped[datetime | None]
    #: Tries begun: one that kills its process counts as well.
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[EventOutcome | None] = mapped_column(index=True)
    #: Why it was refused, or why the last try failed; for the office.
    detail: Mapped[str] = mapped_column(sa.Text, default="")
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order | None] = relationship(lazy="raise")
    filed_at: Mapped[datetime | None]
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    #: What was found when somebody looked.
    note: Mapped[str] = mapped_column(sa.String(500), default="")


class Dispute(Model):
    """A card payment that the card's holder contests at the bank."""

    __tablename__ = "disputes"

    dispute_id: Mapped[str] = mapped_column(sa.String(100), unique=True)
    payment_id: Mapped[int] = mapped_column(sa.ForeignKey("payments.id"), index=True)
    payment: Mapped[Payment] = relationship(lazy="raise")
    amount_cents: Mapped[int]
    #: Stripe's words: « fraudulent », « needs_response », « won », « lost ».
    reason: Mapped[str] = mapped_column(sa.String(60))
    status: Mapped[str] = mapped_column(sa.String(40))
    answer_by: Mapped[datetime | None]
    told_at: Mapped[datetime]


class PaymentAlert(Model):
    """Money at Stripe that somebody must look at: it does not fit its order, or it went back; one alert a cause."""

    __tablename__ = "payment_alerts"

    kind: Mapped[AlertKind] = mapped_column(default=AlertKind.PAYMENT)
    #: Stripe's payment intent, or its page where there is none; the refund or the dispute that it is about.
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


class BankLine(Model):
    """Money that the bank's statement says came in; once, however often its file is imported."""

    __tablename__ = "bank_lines"

    #: Of date, amount, words and how many such lines stood before it in the file.
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    booked_on: Mapped[date] = mapped_column(index=True)
    label: Mapped[str] = mapped_column(sa.String(500))
    amount_cents: Mapped[int]
    imported_at: Mapped[datetime]
    status: Mapped[BankLineStatus] = mapped_column(default=BankLineStatus.OPEN, index=True)
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)

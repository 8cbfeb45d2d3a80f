"""Payment methods as the office writes them, what Stripe tells, and what moves, in our own words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from eventsapp.payments.statuses import InvoiceMoment, RefundState


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a payment method says on the day of an order, and the order keeps; see ``models.PaymentMethod``."""

    payment_days: int | None
    grace_days: int
    purchase_order_days: int | None
    invoice_at: InvoiceMoment
    proforma: bool
    starts_subscription: bool
    #: Not written down before there was such a day: nothing closes by itself then.
    suspend_days: int | None = None


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """Return ``terms`` as JSON can carry them."""
    return asdict(terms) | {"invoice_at": terms.invoice_at.value}


def terms_from_json(data: Mapping[str, Any]) -> Terms:
    """Return what ``terms_to_json`` wrote."""
    return Terms(**{**data, "invoice_at": InvoiceMoment(data["invoice_at"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodDraft:
    """A payment method as the office writes it; see ``models.PaymentMethod``."""

    name: str
    name_en: str
    summary: str
    summary_en: str
    delay_label: str
    delay_label_en: str
    instructions: str
    instructions_en: str
    shown_details: tuple[str, ...]
    online: bool
    confirms_seat: bool
    starts_subscription: bool
    suspend_days: int | None = None
    hold_minutes: int | None
    payment_days: int | None
    grace_days: int
    purchase_order_days: int | None
    required_fields: tuple[str, ...]
    optional_fields: tuple[str, ...]
    closes_days_before: int
    invoice_at: InvoiceMoment
    #: The buyer may choose between the order and the day.
    invoice_choice: bool = False
    proforma: bool
    means_code: str
    reference_label: str
    enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """How often a payment method was used: by orders, by those of them that still owe money, for money that moved."""

    orders: int
    open_orders: int
    movements: int

    @property
    def any(self) -> bool:
        return bool(self.orders or self.movements)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """A page opened at Stripe."""

    session_id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCard:
    """A card that Stripe keeps: its own ids, and what its holder knows it by."""

    customer_id: str
    method_id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPayment:
    """What became of such a page, or of a card that was charged without one; the amount in cents."""

    #: Empty without a page.
    session_id: str
    #: Our order's reference, as we gave it.
    reference: str
    open: bool
    paid: bool
    amount_cents: int
    currency: str
    #: Stripe's id of the payment, once there is one.
    payment_id: str
    live: bool
    #: When the page was opened, by Stripe's clock.
    opened_at: datetime | None = None
    #: When the card was charged, by Stripe's clock.
    paid_at: datetime | None = None
    #: The card, where Stripe was asked to keep it.
    card: SavedCard | None = None
    #: A page without any payment, by which a card takes another's place.
    keeps_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that Stripe tells: its own ids, and nothing of what it says besides."""

    event_id: str
    kind: str
    #: The page that it is about; empty when it is about none.
    session_id: str
    #: The payment of which money went back, or is contested.
    payment_id: str = ""
    #: Of real money, or of a trial.
    live: bool

    @property
    def concerns_us(self) -> bool:
        """Whether there is something to ask Stripe about."""
        return bool(self.session_id or self.payment_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRefund:
    """Money that goes back to a card, as Stripe has it now; the amount in cents."""

    refund_id: str
    #: Stripe's id of the payment.
    payment_id: str
    #: The key under which we asked for it; empty when it was made on Stripe's own pages.
    request_key: str
    amount_cents: int
    state: RefundState
    #: Why it failed, in Stripe's word.
    failure: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDispute:
    """A payment that the card's holder contests, as Stripe has it now; the amount in cents, the words Stripe's."""

    dispute_id: str
    payment_id: str
    amount_cents: int
    reason: str
    status: str
    answer_by: datetime | None = None
    #: When the bank took the amount: as the dispute opens, though it is only lost at its end.
    taken_at: datetime | None = None

    @property
    def lost(self) -> bool:
        return self.status == "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBack:
    """All that went back of one payment, or is contested, the oldest first."""

    payment_id: str
    refunds: tuple[CardRefund, ...]
    disputes: tuple[CardDispute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line of the bank's statement as its file says it; positive cents came in."""

    booked_on: date
    label: str
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one order gets of money that pays several."""

    order_id: int
    amount_cents: int

"""What Stripe tells, and what moves, in our own words."""

from dataclasses import dataclass
from datetime import date, datetime

from eventsapp.payments.statuses import RefundState


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """A page opened at Stripe."""

    session_id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPayment:
    """What became of such a page; the amount in cents."""

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
    #: When the card was charged, by Stripe's clock.
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that Stripe tells; about a page of ours when ``session_id`` is set."""

    event_id: str
    kind: str
    session_id: str
    #: The payment of which money went back, or is contested.
    payment_id: str = ""


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

"""What Stripe tells, in our own words."""

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that Stripe tells; about a page of ours when ``session_id`` is set."""

    event_id: str
    kind: str
    session_id: str

"""What several of Stripe's objects have in common."""

from datetime import UTC, datetime
from typing import Protocol

import stripe


def charged_at(intent: str | stripe.PaymentIntent | None) -> datetime | None:
    """Return when a payment that is shown whole was charged."""
    charge = intent.latest_charge if isinstance(intent, stripe.PaymentIntent) else None
    return moment(charge.created) if isinstance(charge, stripe.Charge) else None


def moment(seconds: int | None) -> datetime | None:
    """Return a moment of Stripe's clock."""
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None


class _WithId(Protocol):
    id: str


def id_of(found: str | _WithId | None) -> str:
    """Return Stripe's id of what it shows as that, or whole; empty for nothing."""
    return found if isinstance(found, str) else found.id if found else ""

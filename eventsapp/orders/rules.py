"""Decisions about an order's two states, on plain values."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.orders.errors import IllegalTransition
from eventsapp.orders.statuses import NEXT, OrderStatus, PaymentStatus


def payment_status(*, total_cents: int, paid_cents: int, refunded_cents: int) -> PaymentStatus:
    """Return the state of the money; amounts in cents."""
    if refunded_cents and refunded_cents >= paid_cents:
        return PaymentStatus.REFUNDED
    kept = paid_cents - refunded_cents
    if refunded_cents and kept < total_cents:
        return PaymentStatus.PART_REFUNDED
    if total_cents == 0 and kept == 0:
        return PaymentStatus.NONE
    if kept > total_cents:
        return PaymentStatus.OVERPAID
    if kept == total_cents:
        return PaymentStatus.PAID
    return PaymentStatus.PART_PAID if kept else PaymentStatus.DUE


def require_transition(before: OrderStatus, after: OrderStatus) -> None:
    """Raise ``IllegalTransition`` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise IllegalTransition(
            _("Une commande à l’état « %(before)s » ne peut pas passer à « %(after)s ».", before=before, after=after)
        )


def is_settled(*, total_cents: int, paid_cents: int, refunded_cents: int) -> bool:
    """Return whether all of it is paid."""
    return paid_cents - refunded_cents >= total_cents


def is_lapsed(*, status: OrderStatus, expires_at: datetime | None, now: datetime) -> bool:
    """Return whether the time to pay is over, though nobody has closed the order yet."""
    return status is OrderStatus.PENDING and expires_at is not None and expires_at <= now

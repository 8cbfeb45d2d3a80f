"""Decisions about an order's two states, on plain values."""

import hashlib
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.core import texts
from eventsapp.orders.errors import IllegalTransition
from eventsapp.orders.statuses import NEXT, OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing


def payment_status(*, total_cents: int, paid_cents: int, refunded_cents: int, credited_cents: int = 0) -> PaymentStatus:
    """Return the state of the money; amounts in cents. What was credited is not owed any more."""
    owed = total_cents - credited_cents
    if refunded_cents and refunded_cents >= paid_cents:
        return PaymentStatus.REFUNDED
    there = paid_cents - refunded_cents
    if refunded_cents and there < owed:
        return PaymentStatus.PART_REFUNDED
    if owed == 0 and there == 0:
        return PaymentStatus.NONE
    if there > owed:
        return PaymentStatus.OVERPAID
    if there == owed:
        return PaymentStatus.PAID
    return PaymentStatus.PART_PAID if there else PaymentStatus.DUE


def customer_number(billing: Billing, *, email: str) -> str | None:
    """Return what the books call a customer by: the same for all that one body, or one person, orders.

    A body by its SIRET or, without one, by its name and postcode; a person by the address that orders. Names and
    addresses are too long for an account, and a digest of them stays the same. Of whom none of these is known, as of
    somebody who walked in, ``None``: two of them are not one customer.
    """
    if billing.siret:
        return billing.siret
    if billing.organisation:
        return f"N{_digest(f'{texts.fold(billing.organisation)} {billing.postcode}')}"
    address = email.strip().lower()
    return f"P{_digest(address)}" if address else None


def _digest(text: str) -> str:
    return hashlib.sha256(texts.one_line(text).encode()).hexdigest()[:12].upper()


def require_transition(before: OrderStatus, after: OrderStatus) -> None:
    """Raise ``IllegalTransition`` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise IllegalTransition(
            _("Une commande à l’état « %(before)s » ne peut pas passer à « %(after)s ».", before=before, after=after)
        )


def taken(open_cents: int, *, units: int, of: int) -> int:
    """Return what ``units`` of the ``of`` that are left of a line cost, when all of these cost ``open_cents``.

    Whatever is taken one after the other, the last takes what is left: no cent is lost.
    """
    if not 0 <= units <= of:
        message = f"{units} of {of}"
        raise ValueError(message)
    return open_cents if units == of else open_cents * units // of


def kept_after(*, total_cents: int, credited_cents: int, kept_cents: int) -> int:
    """Return what is still kept as a fee once ``credited_cents`` are taken back: what is credited is given up."""
    return min(kept_cents, total_cents - credited_cents)


def is_lapsed(*, status: OrderStatus, expires_at: datetime | None, now: datetime) -> bool:
    """Return whether the time to pay is over, though nobody has closed the order yet."""
    return status is OrderStatus.PENDING and expires_at is not None and expires_at <= now

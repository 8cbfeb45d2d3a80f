"""The mails about money by hand, one function each."""

from datetime import datetime
from typing import Any

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.orders.models import Order
from eventsapp.orders.service import subject
from eventsapp.payments.models import Payment


def payment_reversed(order: Order, payment: Payment, *, reason: str, suspended: bool, now: datetime) -> None:
    """Tell the buyer that a payment did not hold and what is due again, and the office what follows."""
    said = _said(order, payment, suspended=suspended) | {"reason": reason}
    outbox.queue_mail(
        "receipts/payment_reversed",
        to=order.email,
        to_name=order.buyer_name,
        now=now,
        locale=order.locale,
        order_url=absolute("orders.order", locale=order.locale, reference=order.reference, secret=order.secret),
        **said,
    )
    outbox.queue_mail(
        "receipts/payment_reversed_office",
        to=current().mail_from,
        now=now,
        locale="fr",
        order_url=absolute("orders_office.order", locale="fr", reference=order.reference),
        **said,
    )


def payment_undone(order: Order, payment: Payment, *, suspended: bool, now: datetime) -> None:
    """Tell the buyer, to whom it was confirmed, that a payment had been noted by mistake."""
    outbox.queue_mail(
        "receipts/payment_undone",
        to=order.email,
        to_name=order.buyer_name,
        now=now,
        locale=order.locale,
        order_url=absolute("orders.order", locale=order.locale, reference=order.reference, secret=order.secret),
        **_said(order, payment, suspended=suspended),
    )


def _said(order: Order, payment: Payment, *, suspended: bool) -> dict[str, Any]:
    kind, key, _label = subject(order)
    return {
        "about": (kind, key),
        "order": order,
        "payment": payment,
        "suspended": suspended,
        "site_name": current().site_name,
    }

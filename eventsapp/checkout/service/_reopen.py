"""Money of an order went: it bounced, was moved away, or was taken back at Stripe."""

from datetime import datetime

from eventsapp.core import clock
from eventsapp.mandats import service as mandats
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.subscriptions import service as subscriptions


def reopen(order: Order, *, now: datetime, suspends: bool = True) -> int:
    """Let follow that a locked order is not wholly paid any more; return how many subscriptions are closed by it.

    Its dossier waits for money again, and one that had no day to be paid by, as it was paid at once, is due today. What
    only money opened is closed until it comes back, unless that is left to the office (``suspends``). The seats stay.
    """
    if order.balance_cents <= 0 or order.status is not OrderStatus.CONFIRMED:
        return 0
    mandats.mark_unpaid(order, now=now)
    if not suspends:
        return 0
    if order.due_on is None:
        orders.await_until(order, clock.local_date(now))
    if payments.terms_of(order).starts_subscription:
        return 0
    return subscriptions.suspend_of_order(order.id, now=now)

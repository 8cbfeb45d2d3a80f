"""The end of an order: what it held goes back, whatever ended it."""

from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.promotions import service as promotions
from eventsapp.registrations import mails as registration_mails
from eventsapp.registrations import service as registrations
from eventsapp.subscriptions import service as subscriptions


def close(
    order: Order,
    *,
    reason: str,
    now: datetime,
    actor: User | None = None,
    by: str = audit.NOBODY,
    is_told: bool = True,
) -> None:
    """Cancel a locked order, its seats and its subscriptions; raise ``IllegalTransition``.

    The people who lose a seat now are told, unless nobody ``is_told``; the buyer has another mail.
    """
    orders.move(order, OrderStatus.CANCELLED, now=now)
    seats = registrations.release(order.id, now=now)
    if is_told:
        registration_mails.seats_cancelled(seats, order, now=now)
    promotions.give_back(order.id, now=now)
    subscriptions.cancel_of_order(order.id)
    audit.record(
        "orders.cancel", subject=orders.subject(order), now=now, actor=actor, by=by, changes={"reason": reason}
    )

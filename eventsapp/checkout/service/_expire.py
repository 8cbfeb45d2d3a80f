"""Holds run out: the seats go back, and Stripe's page with them."""

import logging
from datetime import datetime, timedelta

from eventsapp.audit import service as audit
from eventsapp.checkout import mails
from eventsapp.checkout.service._ask import ask, open_pages
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import service as invoices
from eventsapp.orders import queries as order_queries
from eventsapp.orders import service as orders
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
from eventsapp.promotions import service as promotions
from eventsapp.registrations import service as registrations
from eventsapp.subscriptions import service as subscriptions

log = logging.getLogger(__name__)

#: How long a hold is kept beyond its end while Stripe does not say whether it was paid.
PATIENCE = timedelta(minutes=15)


def expire_due(*, now: datetime) -> int:
    """Expire every order whose hold is over; return how many.

    Stripe's page is closed first, outside any transaction; where Stripe answers that it was paid, the order is
    settled instead, and one that an alert waits for is left to the office. One transaction an order, whatever goes
    wrong with another; it may run twice or late.
    """
    due = order_queries.expirable(now=now, but=payments.alerted_orders())
    pages = {order_id: open_pages(order_id) for order_id in due}
    db.session.rollback()
    expired = 0
    for order_id in due:
        try:
            expired += _end_hold(order_id, pages[order_id], now=now)
        except Exception:
            log.exception("order %s could not be expired", order_id)
    return expired


def _end_hold(order_id: int, session_ids: list[str], *, now: datetime) -> int:
    answers = ask(session_ids, gateway.close_page, now=now)
    if answers.silence is not None:
        log.warning("order %s: Stripe does not say whether it was paid", order_id)
    with unit_of_work.transaction():
        return _expire(order_id, over_since=now - PATIENCE if answers.silence else now, now=now)


def _expire(order_id: int, *, over_since: datetime, now: datetime) -> int:
    order = orders.lock(order_id)
    if order.status is not OrderStatus.PENDING or order.expires_at is None or order.expires_at > over_since:
        return 0
    if order.id in payments.alerted_orders():
        return 0
    orders.move(order, OrderStatus.EXPIRED, now=now)
    registrations.release(order.id, now=now)
    promotions.give_back(order.id, now=now)
    subscriptions.cancel_of_order(order.id)
    invoices.credit_rest(order, reason="Délai de règlement passé", now=now)
    audit.record("orders.expire", subject=orders.subject(order), now=now)
    mails.order_expired(order, now=now)
    return 1

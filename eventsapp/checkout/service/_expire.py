"""Holds run out: the seats go back, and Stripe's page with them."""

import logging
from datetime import datetime, timedelta

from eventsapp.audit import service as audit
from eventsapp.checkout import mails
from eventsapp.checkout.service._settle import settle_card
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders import queries as order_queries
from eventsapp.orders import service as orders
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
from eventsapp.payments import service as payment_service
from eventsapp.payments.errors import GatewayRefused, GatewayUnavailable
from eventsapp.payments.statuses import CardSessionStatus, EventOutcome
from eventsapp.payments.values import CardPayment
from eventsapp.registrations import service as registrations
from eventsapp.subscriptions import service as subscriptions

log = logging.getLogger(__name__)

#: How long a hold is kept beyond its end while Stripe does not say whether it was paid.
PATIENCE = timedelta(minutes=15)


def expire_due(*, now: datetime) -> int:
    """Expire every order whose hold is over; return how many.

    Stripe's page is closed first, outside any transaction; where Stripe answers that it was paid, the order is
    settled instead. One transaction an order, and it may run twice or late.
    """
    expired = 0
    due = order_queries.expirable(now=now)
    open_pages = {order_id: _open_pages(order_id) for order_id in due}
    db.session.rollback()
    for order_id in due:
        try:
            paid = _close_pages(open_pages[order_id])
        except GatewayUnavailable:
            log.warning("order %s: Stripe does not answer, its hold is kept for now", order_id)
            paid = []
            with unit_of_work.transaction():
                if _held_patiently(order_id, now=now):
                    continue
        with unit_of_work.transaction():
            settled = [_settled(payment, now=now) for payment in paid]
            if any(settled):
                continue
            expired += _expire(order_id, now=now)
    return expired


def _open_pages(order_id: int) -> list[str]:
    return [row.session_id for row in payments.open_card_sessions(order_id) if row.session_id]


def _close_pages(session_ids: list[str]) -> list[CardPayment]:
    """Close the pages at Stripe; return those that turn out to be paid."""
    closed = []
    for session_id in session_ids:
        try:
            closed.append(gateway.close_page(session_id))
        except GatewayRefused:
            log.exception("Stripe does not close the page %s", session_id)
    return [payment for payment in closed if payment.paid]


def _settled(payment: CardPayment, *, now: datetime) -> bool:
    outcome, problem, _order = settle_card(payment, now=now)
    if outcome is EventOutcome.REFUSED:
        log.error("the paid page %s does not fit its order: %s", payment.session_id, problem)
    return outcome is not EventOutcome.REFUSED


def _held_patiently(order_id: int, *, now: datetime) -> bool:
    order = orders.lock(order_id)
    return order.expires_at is not None and now < order.expires_at + PATIENCE


def _expire(order_id: int, *, now: datetime) -> int:
    order = orders.lock(order_id)
    if order.status is not OrderStatus.PENDING or order.expires_at is None or order.expires_at > now:
        return 0
    orders.move(order, OrderStatus.EXPIRED, now=now)
    registrations.release(order.id)
    subscriptions.cancel_of_order(order.id)
    for page in payments.open_card_sessions(order.id):
        payment_service.mark_page(page.session_id or "", CardSessionStatus.EXPIRED)
    audit.record("orders.expire", subject=orders.subject(order), now=now)
    mails.order_expired(order, now=now)
    return 1

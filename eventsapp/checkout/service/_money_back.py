"""Refunds and disputes as Stripe has them: read again whatever it told, and kept in any order."""

import logging
from datetime import datetime, timedelta

from eventsapp.checkout.service._reopen import reopen
from eventsapp.checkout.service._settle import settle_card
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments import gateway
from eventsapp.payments import queries as payment_queries
from eventsapp.payments import service as payments
from eventsapp.payments.models import Payment
from eventsapp.payments.values import MoneyBack

log = logging.getLogger(__name__)

#: How far back what Stripe did by itself is looked for; it repeats a message for three days.
LOOKED_BACK = timedelta(days=4)


def take_money_back(money_back: MoneyBack, *, now: datetime) -> Order | None:
    """Count what went back of a payment, once; return its order when something was new, ``None`` else.

    A payment that is no order's, or does not fit one, changes nothing: the alert about it is the office's.
    """
    payment = payment_queries.payment_by_gateway_reference(money_back.payment_id)
    if payment is None:
        return None
    locked = _lock_all(payment)
    news = [payments.take_refund(locked, payment, found, now=now) for found in money_back.refunds]
    news += [payments.take_dispute(locked, payment, found, now=now) for found in money_back.disputes]
    if not any(news):
        return None
    for order in locked.values():
        reopen(order, now=now, suspends=False)
    return locked[payment.order_id]


def _lock_all(payment: Payment) -> dict[int, Order]:
    """Lock every order in which money of a card payment lies; raise ``Conflict`` when it is just moved to another."""
    locked = {key: orders.lock(key) for key in sorted(payment_queries.orders_of_card_payment(payment))}
    if not payment_queries.orders_of_card_payment(payment) <= locked.keys():
        raise Conflict("Cet argent vient d’être transféré ; il est compté au prochain passage.")
    return locked


def find_money_back(*, now: datetime) -> int:
    """Ask Stripe what went back lately and no message told; return of how many payments. One transaction a payment.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    told = gateway.given_back_since(now - LOOKED_BACK)
    refunds = payment_queries.refunds_known([found.refund_id for back in told for found in back.refunds])
    disputes = payment_queries.disputes_known([found.dispute_id for back in told for found in back.disputes])
    db.session.rollback()
    news = [
        back
        for back in told
        if any(refunds.get(found.refund_id) is not found.state for found in back.refunds)
        or any(disputes.get(found.dispute_id) != found.status for found in back.disputes)
    ]
    counted = 0
    for back in news:
        try:
            page = gateway.page_of_payment(back.payment_id)
            with unit_of_work.transaction():
                if page is not None and page.paid:
                    settle_card(page, now=now)
                counted += take_money_back(back, now=now) is not None
        except Exception:
            log.exception("what went back of the payment %s could not be kept", back.payment_id)
    return counted

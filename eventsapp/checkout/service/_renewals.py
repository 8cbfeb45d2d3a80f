"""Renewals: a quote for one in a click, and the end of orders that another order made needless."""

import logging
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.checkout import mails, queries
from eventsapp.checkout.service._hold import hold_taken
from eventsapp.checkout.service._quote_make import make_quote
from eventsapp.checkout.service._settle import SUPERSEDED, close_superseded
from eventsapp.checkout.values import OrderRequest, Subscription
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices.models import QuoteRecord
from eventsapp.orders import service as orders
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.payments.errors import MethodUnavailable
from eventsapp.payments.models import PaymentMethod
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract, Plan

log = logging.getLogger(__name__)


def quote_renewal(contract: Contract, plan: Plan, *, locale: str, now: datetime) -> QuoteRecord:
    """Keep a quote for renewing ``contract`` (loaded in full) by ``plan``, with what is known of its order.

    Asked twice on one day it is the same quote. Raises what ``make_quote`` raises.
    """
    known = queries.known_for_renewal(contract)
    return make_quote(
        OrderRequest(
            buyer=known.buyer,
            billing=known.billing,
            payment_method=_method(known.payment_method).code,
            items=(Subscription(plan=plan.slug, delivery=known.delivery, renews=contract.id),),
            idempotency_key=f"renew-{contract.id}-{clock.local_date(now)}",
            locale=locale,
            is_test=contract.is_test,
        ),
        now=now,
    )


def cancel_superseded(*, now: datetime) -> int:
    """Cancel the orders that promise money for a renewal that another order made, and tell their buyers.

    Nobody is dunned for what would buy nothing; money that comes all the same is shown to be given back. One
    transaction an order.
    """
    due = queries.superseded_orders()
    db.session.rollback()
    cancelled = 0
    for order_id in due:
        try:
            with unit_of_work.transaction():
                cancelled += _cancel(order_id, now=now)
        except Exception:
            log.exception("order %s could not be cancelled", order_id)
    return cancelled


def _cancel(order_id: int, *, now: datetime) -> int:
    order = orders.lock(order_id)
    hold_taken([order.id])
    if order.status is not OrderStatus.CONFIRMED or order.paid_cents or not subscriptions.is_superseded(order.id):
        return 0
    close_superseded(order, now=now)
    mails.order_cancelled(order, reason=SUPERSEDED, back_cents=0, now=now)
    return 1


def _method(known: str) -> PaymentMethod:
    """Return how a body that asks for a quote pays: by purchase order, as before where it did so, else any way."""
    methods = payments.enabled_methods()
    if not methods:
        raise MethodUnavailable(_("Choisissez un des modes de règlement proposés."))
    by_order = [method for method in methods if method.purchase_order_days is not None]
    return next((method for method in by_order if method.code == known), (by_order or list(methods))[0])

"""Invoices that wait for the last day of their order: changing when, and issuing what is due."""

import logging
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import queries
from eventsapp.checkout.errors import BillingClosed
from eventsapp.checkout.service._invoice import invoice_at, require_billable
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.invoices import queries as invoice_queries
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.payments import rules as payment_rules
from eventsapp.payments.statuses import CHOOSABLE, InvoiceMoment
from eventsapp.payments.values import terms_to_json
from eventsapp.registrations import queries as registrations

log = logging.getLogger(__name__)


def may_choose_moment(order: Order) -> bool:
    """Return whether the office may still say when an order is invoiced: now, or after its last day."""
    return (
        order.status is OrderStatus.CONFIRMED
        and order.total_cents > 0
        and payments.terms_of(order).purchase_order_days is not None
        and not invoice_queries.is_invoiced(order.id)
        and bool(registrations.days_of_order(order.id))
    )


def choose_moment(order_id: int, moment: InvoiceMoment, *, actor: User, now: datetime) -> Order:
    """Invoice an order now, or have it invoiced once its last day is over, because the office says so.

    Raises ``BillingClosed`` once it is invoiced, ``NotInvoiceable`` while it is not said whom to name, and ``Invalid``.
    """
    order = orders.lock(order_id)
    if moment not in CHOOSABLE:
        raise Invalid(_("Choisissez : tout de suite, ou après la journée."))
    if not may_choose_moment(order):
        raise BillingClosed(_("Cette commande est déjà facturée, ou sa facture n’attend pas de journée."))
    if moment is InvoiceMoment.ORDER:
        require_billable(order)
    before = payments.terms_of(order)
    orders.keep_payment_terms(order, terms_to_json(replace(before, invoice_at=moment)))
    orders.await_invoice(order, waits=moment is InvoiceMoment.DELIVERY)
    if order.awaits_invoice:
        last_day = max(day.last_date for day in registrations.days_of_order(order.id))
        due_on = payment_rules.due_on(placed_on=max(clock.local_date(now), last_day), payment_days=before.payment_days)
        if due_on is not None:
            orders.await_until(order, due_on)
    audit.record(
        "orders.invoice_moment",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        changes={"invoice_at": [before.invoice_at.value, moment.value]},
    )
    invoice_at(order, InvoiceMoment.ORDER, now=now)
    return order


def invoice_due(*, now: datetime) -> int:
    """Invoice the orders whose last day is over; return how many.

    One transaction an order, whatever goes wrong with another: run twice, late or killed half-way, each has one
    invoice. The day itself is not over before midnight.
    """
    today = clock.local_date(now)
    due = list(queries.to_invoice(today=today))
    db.session.rollback()
    invoiced = 0
    for order_id in due:
        try:
            with unit_of_work.transaction():
                invoiced += _invoice(order_id, now=now)
        except Exception:
            log.exception("order %s could not be invoiced", order_id)
    return invoiced


def _invoice(order_id: int, *, now: datetime) -> int:
    order = orders.lock(order_id)
    # Meanwhile somebody else invoiced it, cancelled it or put its day off.
    if order.id not in queries.to_invoice(today=clock.local_date(now), among=order.id):
        return 0
    made = invoice_at(order, InvoiceMoment.DELIVERY, now=now)
    # What was invoiced by hand before waits no more either.
    orders.await_invoice(order, waits=False)
    return 1 if made is not None else 0

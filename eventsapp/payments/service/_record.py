"""Counting money that came in for an order, or went back."""

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries
from eventsapp.payments.models import Payment, Refund


def record_payment(
    order: Order,
    *,
    method: str,
    amount_cents: int,
    received_on: date,
    now: datetime,
    gateway_reference: str | None = None,
    reference: str = "",
    bank: str = "",
    payer: str = "",
    form_key: str | None = None,
    recorded_by_id: int | None = None,
) -> Payment | None:
    """Count money that came in for a locked order; return ``None`` when the gateway or the form told it before."""
    if form_key is not None and queries.payment_by_form_key(form_key) is not None:
        return None
    payment = Payment(
        order_id=order.id,
        method=method,
        amount_cents=amount_cents,
        received_on=received_on,
        recorded_at=now,
        reference=reference,
        bank=bank,
        payer=payer,
        gateway_reference=gateway_reference,
        form_key=form_key,
        recorded_by_id=recorded_by_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(payment)
    except IntegrityError:
        if gateway_reference is None or queries.payment_by_gateway_reference(gateway_reference) is None:
            raise
        return None
    orders.count_money(order, paid_cents=amount_cents)
    return payment


def record_refund(
    order: Order,
    *,
    method: str,
    amount_cents: int,
    refunded_on: date,
    now: datetime,
    reason: str = "",
    gateway_reference: str | None = None,
    form_key: str | None = None,
    recorded_by_id: int | None = None,
) -> Refund | None:
    """Count money that went back for a locked order; return ``None`` when the form told it before."""
    if form_key is not None and queries.refund_by_form_key(form_key) is not None:
        return None
    refund = Refund(
        order_id=order.id,
        method=method,
        amount_cents=amount_cents,
        refunded_on=refunded_on,
        recorded_at=now,
        reason=reason,
        gateway_reference=gateway_reference,
        form_key=form_key,
        recorded_by_id=recorded_by_id,
    )
    db.session.add(refund)
    orders.count_money(order, refunded_cents=amount_cents)
    return refund

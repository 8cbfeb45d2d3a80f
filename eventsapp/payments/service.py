"""Writing payments, refunds, and what is said with Stripe."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries
from eventsapp.payments.models import CardSession, GatewayEvent, Payment, Refund
from eventsapp.payments.statuses import CardSessionStatus, EventOutcome
from eventsapp.payments.values import CardPage, Event


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
    recorded_by_id: int | None = None,
) -> Payment | None:
    """Count money that came in for a locked order; return ``None`` when the gateway told it before."""
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
    recorded_by_id: int | None = None,
) -> Refund:
    """Count money that went back for a locked order."""
    refund = Refund(
        order_id=order.id,
        method=method,
        amount_cents=amount_cents,
        refunded_on=refunded_on,
        recorded_at=now,
        reason=reason,
        gateway_reference=gateway_reference,
        recorded_by_id=recorded_by_id,
    )
    db.session.add(refund)
    orders.count_money(order, refunded_cents=amount_cents)
    return refund


def remember_page(order_id: int, *, attempt: int, page: CardPage | None, expires_at: datetime, now: datetime) -> None:
    """Keep the page opened under that attempt, or that Stripe refused to open one; twice is the same as once."""
    known = db.session.scalar(
        sa.select(CardSession).where(CardSession.order_id == order_id, CardSession.attempt == attempt)
    )
    if known is not None:
        return
    row = CardSession(
        order_id=order_id,
        attempt=attempt,
        session_id=page.session_id if page else None,
        url=page.url if page else "",
        status=CardSessionStatus.OPEN if page else CardSessionStatus.FAILED,
        opened_at=now,
        expires_at=page.expires_at if page else expires_at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same request, at the same moment, was first: Stripe gave both the same page.
        return


def mark_page(session_id: str, status: CardSessionStatus) -> None:
    """Keep what became of a page."""
    db.session.execute(sa.update(CardSession).where(CardSession.session_id == session_id).values(status=status))


def keep_event(event: Event, *, now: datetime) -> GatewayEvent | None:
    """Keep that Stripe told ``event``; return ``None`` when it told it before, or tells it twice at once."""
    kept = GatewayEvent(
        event_id=event.event_id, kind=event.kind, received_at=now, outcome=EventOutcome.IGNORED, detail=""
    )
    try:
        with db.session.begin_nested():
            db.session.add(kept)
    except IntegrityError:
        return None
    return kept

"""Reading payments, refunds, and what was said with Stripe."""

from collections.abc import Sequence

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.payments.models import CardSession, GatewayEvent, Payment, Refund
from eventsapp.payments.statuses import CardSessionStatus


def payments_of(order_id: int) -> Sequence[Payment]:
    """Return the payments of an order, the oldest first."""
    return db.session.scalars(
        sa.select(Payment).where(Payment.order_id == order_id).order_by(Payment.recorded_at, Payment.id)
    ).all()


def refunds_of(order_id: int) -> Sequence[Refund]:
    """Return the refunds of an order, the oldest first."""
    return db.session.scalars(
        sa.select(Refund).where(Refund.order_id == order_id).order_by(Refund.recorded_at, Refund.id)
    ).all()


def payment_by_gateway_reference(reference: str) -> Payment | None:
    """Return the payment that Stripe knows by that id, or ``None``."""
    return db.session.scalar(sa.select(Payment).where(Payment.gateway_reference == reference))


def card_sessions_of(order_id: int) -> Sequence[CardSession]:
    """Return the pages opened at Stripe for an order, the last first."""
    return db.session.scalars(
        sa.select(CardSession).where(CardSession.order_id == order_id).order_by(CardSession.attempt.desc())
    ).all()


def open_card_sessions(order_id: int) -> Sequence[CardSession]:
    """Return the pages of an order that can still be paid, as far as we know."""
    return [row for row in card_sessions_of(order_id) if row.status is CardSessionStatus.OPEN]


def event(event_id: str) -> GatewayEvent | None:
    """Return what we kept of an event, or ``None`` when it is new."""
    return db.session.scalar(sa.select(GatewayEvent).where(GatewayEvent.event_id == event_id))

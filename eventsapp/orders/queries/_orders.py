"""Reading orders."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventsapp.core.db import db
from eventsapp.core.references import same_secret
from eventsapp.orders.models import Order, OrderLine, Reduction
from eventsapp.orders.statuses import OrderStatus

_WITH_LINES = selectinload(Order.lines).joinedload(OrderLine.vat_parts)


def order_for_link(reference: str, secret: str) -> Order | None:
    """Return the order that a private link opens, its lines loaded with their tax, or ``None``."""
    order = by_reference(reference)
    return order if order is not None and same_secret(secret, order.secret) else None


def by_reference(reference: str) -> Order | None:
    """Return the order with that reference, its lines loaded with their tax, or ``None``."""
    return db.session.scalar(sa.select(Order).where(Order.reference == reference).options(_WITH_LINES))


def by_key(idempotency_key: str) -> Order | None:
    """Return the order that was made under that key, its lines loaded with their tax, or ``None``."""
    return db.session.scalar(sa.select(Order).where(Order.idempotency_key == idempotency_key).options(_WITH_LINES))


def orders_of(email: str, *, most: int = 50) -> Sequence[Order]:
    """Return the last orders placed with that address, the newest first."""
    return db.session.scalars(
        sa.select(Order).where(Order.email == email.strip().lower()).order_by(Order.placed_at.desc()).limit(most)
    ).all()


def expirable(*, now: datetime, but: Collection[int] = (), most: int = 100) -> Sequence[int]:
    """Return the keys of the orders whose hold is over, the oldest first; those of ``but`` are left out."""
    return db.session.scalars(
        sa.select(Order.id)
        .where(Order.status == OrderStatus.PENDING, Order.expires_at <= now, Order.id.not_in(but))
        .order_by(Order.expires_at, Order.id)
        .limit(most)
    ).all()


def standing_trials() -> Sequence[int]:
    """Return the keys of the orders made to try things out that are neither cancelled nor expired."""
    return db.session.scalars(
        sa.select(Order.id)
        .where(Order.is_test, Order.status.in_([OrderStatus.PENDING, OrderStatus.CONFIRMED]))
        .order_by(Order.id)
    ).all()


def is_taken_back(order_id: int, form_key: str) -> bool:
    """Return whether the form with that key took something back of the order before."""
    found = (
        sa.select(Reduction.id)
        .join(OrderLine, OrderLine.id == Reduction.order_line_id)
        .where(OrderLine.order_id == order_id, Reduction.form_key == form_key)
    )
    return bool(db.session.scalar(sa.select(found.exists())))

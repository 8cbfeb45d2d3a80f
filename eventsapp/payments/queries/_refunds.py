"""Reading refunds by card, disputes, and what of a card payment can still go back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.payments import rules
from eventsapp.payments.models import Dispute, Payment, Refund
from eventsapp.payments.statuses import RefundState


def asked_refunds(*, now: datetime, order_id: int | None = None, most: int = 500) -> Sequence[int]:
    """Return the keys of the refunds that Stripe has not confirmed and is to be asked for now; of one order, if given.

    Those never asked for first, then those that have waited longest: none stands before the others for ever.
    """
    statement = sa.select(Refund.id).where(
        Refund.state == RefundState.ASKED,
        Refund.request_key.is_not(None),
        sa.or_(Refund.ask_at.is_(None), Refund.ask_at <= now),
    )
    if order_id is not None:
        statement = statement.where(Refund.order_id == order_id)
    return db.session.scalars(statement.order_by(sa.nulls_first(Refund.ask_at.asc()), Refund.id).limit(most)).all()


def stuck_refunds(order_id: int) -> Sequence[Refund]:
    """Return the refunds of an order that Stripe answers with errors only, as the office was told; payment loaded."""
    return db.session.scalars(
        sa.select(Refund)
        .where(Refund.order_id == order_id, Refund.state == RefundState.ASKED, Refund.tries >= rules.TRIES)
        .options(joinedload(Refund.payment))
        .order_by(Refund.id)
    ).all()


def refund(refund_id: int) -> Refund | None:
    """Return that refund as it stands now, its payment loaded, or ``None``."""
    return db.session.scalar(
        sa.select(Refund)
        .where(Refund.id == refund_id)
        .options(joinedload(Refund.payment))
        .execution_options(populate_existing=True)
    )


def refund_at_gateway(*, request_key: str, refund_id: str) -> Refund | None:
    """Return what we know of a refund at Stripe: by the key under which we asked for it, or else by Stripe's id."""
    wanted = [Refund.gateway_reference == refund_id]
    if request_key:
        wanted.append(Refund.request_key == request_key)
    return db.session.scalar(sa.select(Refund).where(sa.or_(*wanted)).execution_options(populate_existing=True))


def dispute(dispute_id: str) -> Dispute | None:
    """Return what we know of a dispute at Stripe, or ``None``."""
    return db.session.scalar(sa.select(Dispute).where(Dispute.dispute_id == dispute_id))


def card_money_left(order_id: int) -> list[tuple[Payment, int]]:
    """Return the card payments of which something lies in an order and can go back, and how many cents, the last first.

    Money that was moved is where it was moved to: the payment may be another order's.
    """
    in_order = Payment.order_id == order_id
    came = sa.select(Payment.id.label("payment_id"), Payment.amount_cents.label("cents")).where(
        in_order, Payment.gateway_reference.is_not(None)
    )
    moved = sa.select(Payment.origin_id, Payment.amount_cents).where(in_order, Payment.origin_id.is_not(None))
    went = sa.select(Refund.payment_id, -Refund.amount_cents).where(
        Refund.order_id == order_id, Refund.state != RefundState.FAILED, Refund.payment_id.is_not(None)
    )
    lying = sa.union_all(came, moved, went).subquery()
    left = sa.func.sum(lying.c.cents)
    of_payment = (
        sa.select(lying.c.payment_id, left.label("cents")).group_by(lying.c.payment_id).having(left > 0).subquery()
    )
    rows = db.session.execute(
        sa.select(Payment, of_payment.c.cents)
        .join(of_payment, of_payment.c.payment_id == Payment.id)
        .order_by(Payment.id.desc())
    )
    return [(payment, cents) for payment, cents in rows]


def cents_given_back(order_id: int) -> int:
    """Return how much has gone back for an order, in cents; what Stripe is only asked for has not."""
    return (
        db.session.scalar(
            sa.select(sa.func.sum(Refund.amount_cents)).where(
                Refund.order_id == order_id, Refund.state == RefundState.DONE
            )
        )
        or 0
    )


def orders_of_card_payment(payment: Payment) -> set[int]:
    """Return the keys of the orders in which money of a card payment lies, or lay: its own, and where it was moved."""
    moved = sa.select(Payment.order_id).where(Payment.origin_id == payment.id)
    went = sa.select(Refund.order_id).where(Refund.payment_id == payment.id)
    return {payment.order_id, *db.session.scalars(sa.union(moved, went))}


def refund_states(order_ids: sa.Select[Any], *, since: datetime) -> dict[RefundState, int]:
    """Return how many refunds recorded since then the orders have, by state."""
    rows = db.session.execute(
        sa.select(Refund.state, sa.func.count(Refund.id))
        .where(Refund.order_id.in_(order_ids), Refund.recorded_at >= since)
        .group_by(Refund.state)
    )
    return dict(rows.all())


def orders_with_failed_refunds(order_ids: sa.Select[Any], *, since: datetime) -> frozenset[int]:
    """Return which of the orders have a refund recorded since then that Stripe did not make."""
    return frozenset(
        db.session.scalars(
            sa.select(Refund.order_id).where(
                Refund.order_id.in_(order_ids), Refund.recorded_at >= since, Refund.state == RefundState.FAILED
            )
        )
    )


def refunds_known(refund_ids: Collection[str]) -> dict[str, RefundState]:
    """Return how the refunds with these ids of Stripe's stand with us; those that we do not know are left out."""
    rows = db.session.execute(
        sa.select(Refund.gateway_reference, Refund.state).where(Refund.gateway_reference.in_(refund_ids))
    )
    return {refund_id: state for refund_id, state in rows if refund_id is not None}


def disputes_known(dispute_ids: Collection[str]) -> dict[str, str]:
    """Return how the disputes with these ids of Stripe's stand with us; those that we do not know are left out."""
    rows = db.session.execute(sa.select(Dispute.dispute_id, Dispute.status).where(Dispute.dispute_id.in_(dispute_ids)))
    return dict(rows.all())

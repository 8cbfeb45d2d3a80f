"""Reading payments, refunds, and what was said with Stripe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments import rules
from eventsapp.payments.models import CardSession, Payment, PaymentMethod, Refund
from eventsapp.payments.statuses import CardSessionStatus, PaymentKind


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


@dataclass(frozen=True, slots=True)
class Received:
    """What came in for an order by one method and stayed, in cents, and the day of the last of it."""

    method: str
    cents: int
    last_on: date


def money_by_method(order_id: int) -> Sequence[Received]:
    """Return by which methods an order was paid, the largest sum first; what was taken back or moved away is off."""
    cents = sa.func.sum(Payment.amount_cents)
    rows = db.session.execute(
        sa.select(Payment.method, cents, sa.func.max(Payment.received_on))
        .where(Payment.order_id == order_id)
        .group_by(Payment.method)
        .having(cents > 0)
        .order_by(cents.desc(), Payment.method)
    )
    return [Received(method, total, last_on) for method, total, last_on in rows]


def method_by_hand(order: Order) -> str:
    """Return by which method money came last for an order that is no card's; the order's own where none did."""
    last = db.session.scalar(
        sa.select(Payment.method)
        .where(
            Payment.order_id == order.id,
            Payment.gateway_reference.is_(None),
            Payment.origin_id.is_(None),
            Payment.amount_cents > 0,
        )
        .order_by(Payment.id.desc())
        .limit(1)
    )
    return last or order.payment_method


def payment_by_gateway_reference(reference: str) -> Payment | None:
    """Return the payment that Stripe knows by that id, or ``None``."""
    return db.session.scalar(sa.select(Payment).where(Payment.gateway_reference == reference))


def payment_by_form_key(form_key: str) -> Payment | None:
    """Return the payment that was typed on that page, or ``None``."""
    return db.session.scalar(sa.select(Payment).where(Payment.form_key == form_key))


def refund_by_form_key(form_key: str) -> Refund | None:
    """Return the refund that was typed on that page, or ``None``."""
    return db.session.scalar(sa.select(Refund).where(Refund.form_key == form_key))


def has_payment(order_id: int, *, method: str, reference: str, amount_cents: int, received_on: date) -> bool:
    """Return whether the same money is recorded for that order."""
    return (
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Payment.order_id == order_id,
                    Payment.method == method,
                    Payment.reference == reference,
                    Payment.amount_cents == amount_cents,
                    Payment.received_on == received_on,
                )
            )
        )
        is True
    )


def same_cheque(number: str, bank: str) -> Payment | None:
    """Return a cheque of that number and bank that is recorded for any order, on any day, its order loaded.

    Zeros in front and the bank's capitals and accents do not tell cheques apart, nor does a bank that is not said; one
    that bounced may be presented again.
    """
    written = number.replace(" ", "")
    bare = written.lstrip("0")
    reversal = aliased(Payment)
    found = db.session.scalars(
        sa.select(Payment)
        .join(PaymentMethod, PaymentMethod.code == Payment.method)
        .where(
            Payment.reference.in_({number, written, bare, bare.zfill(rules.CHEQUE_DIGITS)} - {""}),
            PaymentMethod.means_code == rules.CHEQUE_MEANS,
            Payment.kind == PaymentKind.RECEIVED,
            ~sa.exists().where(reversal.reverses_id == Payment.id),
        )
        .options(joinedload(Payment.order))
        .order_by(Payment.id)
    )
    return next((cheque for cheque in found if rules.may_be_same_bank(cheque.bank, bank)), None)


def has_refund(order_id: int, *, amount_cents: int, refunded_on: date) -> bool:
    """Return whether as much is recorded as sent back on that day."""
    return (
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Refund.order_id == order_id, Refund.amount_cents == amount_cents, Refund.refunded_on == refunded_on
                )
            )
        )
        is True
    )


def card_session(session_id: str) -> CardSession | None:
    """Return the page that Stripe knows by that id, or ``None``."""
    return db.session.scalar(sa.select(CardSession).where(CardSession.session_id == session_id))


def card_sessions_of(order_id: int) -> Sequence[CardSession]:
    """Return the pages opened at Stripe for an order, the last first."""
    return db.session.scalars(
        sa.select(CardSession).where(CardSession.order_id == order_id).order_by(CardSession.attempt.desc())
    ).all()


def open_card_sessions(order_id: int) -> Sequence[CardSession]:
    """Return the pages of an order that can still be paid, as far as we know."""
    return [row for row in card_sessions_of(order_id) if row.status is CardSessionStatus.OPEN]


def unanswered_pages(*, since: datetime, most: int = 500) -> Sequence[CardSession]:
    """Return the pages opened since then whose end Stripe has not told, the last first, their orders loaded."""
    return db.session.scalars(
        sa.select(CardSession)
        .where(
            CardSession.status == CardSessionStatus.OPEN,
            CardSession.opened_at >= since,
            CardSession.session_id.is_not(None),
        )
        .options(joinedload(CardSession.order))
        .order_by(CardSession.opened_at.desc(), CardSession.id.desc())
        .limit(most)
    ).all()

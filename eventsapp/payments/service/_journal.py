"""The payment journal: the one function that adds a line."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments import queries, rules
from eventsapp.payments.models import JournalEntry, JournalHead, Payment, Refund
from eventsapp.payments.statuses import Movement, PaymentKind

_MOVEMENTS = {
    PaymentKind.RECEIVED: Movement.PAYMENT,
    PaymentKind.REVERSAL: Movement.REVERSAL,
    PaymentKind.MOVED: Movement.TRANSFER,
}


def enter(
    movement: Movement,
    *,
    order: Order,
    amount_cents: int,
    method: str,
    moved_on: date,
    now: datetime,
    reference: str = "",
    payment_id: int | None = None,
    refund_id: int | None = None,
) -> JournalEntry:
    """Add a line to the journal, in the transaction of what it tells; ``amount_cents`` is positive when it came in.

    The chain's last line stays locked until the transaction ends: whatever else it waits for was taken before. What
    is told of a year that is closed is dated the day after it.
    """
    head = locked_head(is_test=order.is_test)
    closed_year = queries.closed_year(is_test=order.is_test)
    entry = JournalEntry(
        rank=head.rank + 1,
        is_test=order.is_test,
        at=now.astimezone(UTC),
        kind=movement,
        order_id=order.id,
        order_reference=order.reference,
        amount_cents=amount_cents,
        method=method,
        moved_on=rules.open_day(moved_on, closed_year=closed_year),
        payment_id=payment_id,
        refund_id=refund_id,
        reference=reference,
        previous_hash=head.hash,
        hash="",
    )
    entry.hash = rules.seal(head.hash, queries.journal_content(entry))
    db.session.add(entry)
    head.rank, head.hash = entry.rank, entry.hash
    db.session.flush()
    return entry


def enter_payment(order: Order, payment: Payment, *, now: datetime) -> None:
    """Enter money that came in, was taken back or moved."""
    db.session.flush()
    enter(
        _MOVEMENTS[payment.kind],
        order=order,
        amount_cents=payment.amount_cents,
        method=payment.method,
        moved_on=payment.received_on,
        now=now,
        reference=payment.reason or payment.reference or payment.gateway_reference or "",
        payment_id=payment.id,
    )


def enter_refund(order: Order, refund: Refund, *, now: datetime, failed: bool = False) -> None:
    """Enter money that went back; or, ``failed``, that it did not after all."""
    db.session.flush()
    enter(
        Movement.REVERSAL if failed else Movement.REFUND,
        order=order,
        amount_cents=refund.amount_cents if failed else -refund.amount_cents,
        method=refund.method,
        moved_on=refund.refunded_on,
        now=now,
        reference=(refund.failure if failed else refund.reason) or refund.gateway_reference or "",
        refund_id=refund.id,
    )


def locked_head(*, is_test: bool) -> JournalHead:
    """Return where a chain ends, kept from others until the transaction ends."""
    wanted = (
        sa.select(JournalHead)
        .where(JournalHead.is_test == is_test)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    head = db.session.scalar(wanted)
    if head is None:
        try:
            with db.session.begin_nested():
                db.session.add(JournalHead(is_test=is_test, rank=0, hash=""))
        except IntegrityError:
            # Somebody else began the chain at the same moment.
            pass
        head = db.session.scalars(wanted).one()
    return head

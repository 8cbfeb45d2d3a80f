"""Doing what was put off, order by order, by the sweep."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.batches import queries, rules
from eventsapp.batches.models import Batch, BatchItem
from eventsapp.batches.statuses import BatchAction, BatchStatus, ItemOutcome
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.orders import service as orders
from eventsapp.registrations import service as registrations

log = logging.getLogger(__name__)

_FAILED = "une erreur est survenue ; elle est dans le journal du serveur"


def run_due(*, clock: Callable[[], datetime]) -> int:
    """Do every action whose minute is over; return of how many registrations something was done or refused.

    One transaction an order: a worker that is killed leaves items that wait, and of two at once one finds them taken.
    """
    keys = queries.due(now=clock())
    db.session.rollback()
    settled = 0
    for batch_id in keys:
        with unit_of_work.transaction():
            if not _begin(batch_id, now=clock()):
                continue
        by_order = queries.waiting_by_order(batch_id)
        db.session.rollback()
        for order_id, seats in by_order.items():
            settled += _of_order(batch_id, order_id, seats, now=clock())
        with unit_of_work.transaction():
            _finish(batch_id, now=clock())
    return settled


def _begin(batch_id: int, *, now: datetime) -> bool:
    """Return whether it is being done; whoever takes it back at this moment comes before or after."""
    status = db.session.scalar(
        sa.update(Batch)
        .where(
            Batch.id == batch_id,
            sa.or_(
                Batch.status == BatchStatus.RUNNING,
                sa.and_(Batch.status == BatchStatus.PLANNED, Batch.starts_at <= now),
            ),
        )
        .values(status=BatchStatus.RUNNING)
        .returning(Batch.status)
    )
    return status is not None


def _of_order(batch_id: int, order_id: int, seats: Sequence[int], *, now: datetime) -> int:
    """Do it to the seats of one order, all or none; what is refused is noted with its reason."""
    try:
        with unit_of_work.transaction():
            return _do(batch_id, order_id, seats, now=now)
    except Refusal as refusal:
        why = refusal.message
    except Exception:
        log.exception("action %s could not be done for order %s", batch_id, order_id)
        why = _FAILED
    with unit_of_work.transaction():
        return len(_settle(batch_id, seats, ItemOutcome.LEFT, reason=why))


def _do(batch_id: int, order_id: int, seats: Sequence[int], *, now: datetime) -> int:
    batch = db.session.get_one(Batch, batch_id)
    actor = db.session.get(User, batch.actor_id) if batch.actor_id else None
    # Taken first: whoever comes second finds them settled once this transaction ends.
    taken = _settle(batch_id, seats, ItemOutcome.DONE)
    if not taken:
        return 0
    orders.lock(order_id)
    going, left = [], []
    for seat in queries.chosen(taken):
        why = rules.reason_against(batch.action, queries.facts_of(seat, now=now))
        if why:
            left.append((seat.id, why))
        else:
            going.append(seat)
    for key, why in left:
        _settle(batch_id, [key], ItemOutcome.LEFT, reason=why, of=ItemOutcome.DONE)
    if going and batch.action is BatchAction.CANCEL:
        checkout.cancel_part(
            order_id,
            seat_ids={seat.id for seat in going},
            fee_cents=0,
            free=True,
            reason=batch.reason,
            actor=actor,
            now=now,
            form_key=f"batch-{batch.id}-{order_id}",
        )
    elif batch.action is BatchAction.TICKETS:
        for seat in going:
            registrations.send_ticket(seat, actor=actor, now=now)
    return len(taken)


def _settle(
    batch_id: int,
    seats: Sequence[int],
    outcome: ItemOutcome,
    *,
    reason: str = "",
    of: ItemOutcome = ItemOutcome.WAITING,
) -> Sequence[int]:
    return db.session.scalars(
        sa.update(BatchItem)
        .where(BatchItem.batch_id == batch_id, BatchItem.registration_id.in_(seats), BatchItem.outcome == of)
        .values(outcome=outcome, reason=reason[:300])
        .returning(BatchItem.registration_id)
    ).all()


def _finish(batch_id: int, *, now: datetime) -> None:
    waits = sa.exists().where(BatchItem.batch_id == batch_id, BatchItem.outcome == ItemOutcome.WAITING)
    db.session.execute(
        sa.update(Batch)
        .where(Batch.id == batch_id, Batch.status == BatchStatus.RUNNING, ~waits)
        .values(status=BatchStatus.DONE, finished_at=now)
    )

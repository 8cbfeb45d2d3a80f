"""Taking an action on many back."""

from datetime import datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.attendance import service as attendance
from eventsapp.audit import service as audit
from eventsapp.batches import queries
from eventsapp.batches.errors import NotUndoable
from eventsapp.batches.models import Batch, BatchItem
from eventsapp.batches.statuses import DEFERRED, PRESENCES, BatchAction, BatchStatus, ItemOutcome
from eventsapp.core.db import db

_CHANGED = "changée depuis : laissée comme elle est"


def undo(batch_id: int, *, actor: User, now: datetime) -> Batch:
    """Take back what has not been done yet, or presences that nobody has changed since.

    Raises ``NotUndoable`` when it is too late, or done already.
    """
    batch = db.session.scalars(sa.select(Batch).where(Batch.id == batch_id).with_for_update()).one()
    if batch.action in DEFERRED:
        if batch.status is not BatchStatus.PLANNED or batch.starts_at is None or batch.starts_at <= now:
            raise NotUndoable("C’est parti : cela ne se reprend plus.")
        db.session.execute(
            sa.update(BatchItem)
            .where(BatchItem.batch_id == batch.id, BatchItem.outcome == ItemOutcome.WAITING)
            .values(outcome=ItemOutcome.UNDONE)
        )
    elif batch.action in PRESENCES and batch.status is BatchStatus.DONE:
        _forget_presences(batch, actor=actor, now=now)
    else:
        raise NotUndoable("C’est déjà repris, ou cela ne se reprend pas.")
    batch.status, batch.undone_at = BatchStatus.UNDONE, now
    audit.record("batches.undo", subject=("batch", batch.id, str(batch.action)), now=now, actor=actor)
    return batch


def _forget_presences(batch: Batch, *, actor: User, now: datetime) -> None:
    items = queries.items_of(batch.id, outcome=ItemOutcome.DONE)
    days = {item.registration.study_day_id: item.registration.study_day for item in items}
    for day_id in sorted(days):
        theirs = {item.registration_id: item for item in items if item.registration.study_day_id == day_id}
        undone = attendance.forget_some(
            days[day_id],
            {key: item.before for key, item in theirs.items()},
            came=batch.action is BatchAction.PRESENT,
            noted_at=batch.asked_at,
            actor=actor,
            now=now,
        )
        for key, item in theirs.items():
            if key in undone:
                item.outcome = ItemOutcome.UNDONE
            else:
                item.reason = _CHANGED

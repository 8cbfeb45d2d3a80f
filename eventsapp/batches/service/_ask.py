"""Saying of whom something can be done, and asking for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.attendance import service as attendance
from eventsapp.audit import service as audit
from eventsapp.batches import queries, rules
from eventsapp.batches.errors import NobodyConcerned
from eventsapp.batches.models import Batch, BatchItem
from eventsapp.batches.statuses import DEFERRED, PRESENCES, BatchAction, BatchStatus, ItemOutcome
from eventsapp.core.db import db
from eventsapp.orders import rules as order_rules
from eventsapp.orders.models import OrderLine
from eventsapp.registrations.models import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Of whom an action is done, and of whom not and why."""

    action: BatchAction
    seats: Sequence[Registration]
    left: Sequence[tuple[Registration, str]]
    #: Of a cancellation: what is asked for no more, and how many of the orders have an invoice to be credited.
    unasked_cents: int = 0
    credited: int = 0

    @property
    def orders(self) -> int:
        """How many orders the registrations belong to."""
        return len({seat.order_line.order_id for seat in self.seats})


def plan(action: BatchAction, keys: Collection[int], *, now: datetime) -> Plan:
    """Return of whom of these ``action`` can be done now; three queries at most, whatever their number."""
    seats, left = [], []
    for seat in queries.chosen(keys):
        reason = rules.reason_against(action, queries.facts_of(seat, now=now))
        if reason:
            left.append((seat, reason))
        else:
            seats.append(seat)
    if action is not BatchAction.CANCEL:
        return Plan(action=action, seats=seats, left=left)
    lines: dict[OrderLine, int] = {}
    for seat in seats:
        lines[seat.order_line] = lines.get(seat.order_line, 0) + 1
    return Plan(
        action=action,
        seats=seats,
        left=left,
        unasked_cents=sum(
            order_rules.taken(line.open_cents, units=units, of=line.quantity_left) for line, units in lines.items()
        ),
        credited=len(queries.invoiced({line.order_id for line in lines})),
    )


def ask(
    action: BatchAction,
    keys: Collection[int],
    *,
    form_key: str,
    actor: User,
    now: datetime,
    reason: str = "",
    origin: str = "",
) -> Batch:
    """Write down what is asked, and do what is done at once; the worker does the rest a minute later.

    The same form sent twice is one action. Raises ``NobodyConcerned``.
    """
    if (known := queries.batch_of_form(form_key)) is not None:
        return known
    planned = plan(action, keys, now=now)
    if not planned.seats:
        raise NobodyConcerned("Rien à faire : aucune de ces inscriptions ne s’y prête.")
    deferred = action in DEFERRED
    batch = Batch(
        form_key=form_key,
        action=action,
        status=BatchStatus.PLANNED if deferred else BatchStatus.DONE,
        reason=reason,
        origin=origin,
        asked_at=now,
        actor_id=actor.id,
        actor_label=actor.name,
        starts_at=now + rules.UNDO if deferred else None,
        finished_at=None if deferred else now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(batch)
            db.session.flush()
    except IntegrityError:
        known = queries.batch_of_form(form_key)
        assert known is not None  # noqa: S101 - the other one of two clicks wrote it
        return known
    before = _note_presences(planned, actor=actor, now=now) if action in PRESENCES else {}
    done = ItemOutcome.WAITING if deferred else ItemOutcome.DONE
    rows = [_item(batch, seat, done, before=before.get(seat.id)) for seat in planned.seats]
    if action in PRESENCES:
        for row in rows:
            if row["registration_id"] not in before:
                row["outcome"], row["reason"] = ItemOutcome.LEFT, "changée entre-temps"
    rows += [_item(batch, seat, ItemOutcome.LEFT, reason=why) for seat, why in planned.left]
    db.session.execute(sa.insert(BatchItem), rows)
    audit.record(
        f"batches.{action}",
        subject=("batch", batch.id, _label(planned)),
        now=now,
        actor=actor,
        changes={"people": len(planned.seats), **({"reason": reason} if reason else {})},
    )
    return batch


def _note_presences(planned: Plan, *, actor: User, now: datetime) -> dict[int, dict[str, object]]:
    """Note who came or did not, day by day; return what each was before."""
    came = planned.action is BatchAction.PRESENT
    days = {seat.study_day_id: seat.study_day for seat in planned.seats}
    before: dict[int, dict[str, object]] = {}
    for day_id in sorted(days):
        keys = [seat.id for seat in planned.seats if seat.study_day_id == day_id]
        before |= attendance.note_some(days[day_id], keys, came=came, actor=actor, now=now)
    return before


def _item(
    batch: Batch,
    seat: Registration,
    outcome: ItemOutcome,
    *,
    reason: str = "",
    before: dict[str, object] | None = None,
) -> dict[str, object]:
    return {
        "batch_id": batch.id,
        "registration_id": seat.id,
        "outcome": outcome,
        "reason": reason,
        "before": before or {},
    }


def _label(planned: Plan) -> str:
    """Return whom it concerns, as the history names it."""
    names = [seat.name for seat in planned.seats[:3]]
    more = len(planned.seats) - len(names)
    return ", ".join(names) + (f" et {more} autres" if more > 1 else " et une autre" if more else "")

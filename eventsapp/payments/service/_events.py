"""What Stripe tells: kept at once, claimed by whoever deals with it, tried again, set aside, filed."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import queue
from eventsapp.core.db import db
from eventsapp.payments import queries, rules
from eventsapp.payments.errors import EventNotAside
from eventsapp.payments.models import GatewayEvent
from eventsapp.payments.statuses import EventOutcome, EventState
from eventsapp.payments.values import Event

#: The sweep that deals with them.
EVENT_SWEEP = "payments.events"
#: A message claimed so long ago was claimed by a process that died: it asks Stripe three times at most.
CLAIM_LASTS = timedelta(minutes=2)
_INTERRUPTED = "le traitement s’est interrompu à chaque essai"


def keep_event(event: Event, *, now: datetime) -> bool:
    """Keep what Stripe told until the sweep deals with it; return ``False`` when it told it before, or twice at once.

    What does not concern us is done with at once: nothing has to be asked about it.
    """
    waits = event.concerns_us
    kept = GatewayEvent(
        event_id=event.event_id,
        kind=event.kind,
        session_id=event.session_id,
        payment_id=event.payment_id,
        live=event.live,
        received_at=now,
        state=EventState.WAITING if waits else EventState.DONE,
        due_at=now if waits else None,
        attempts=0,
        outcome=None if waits else EventOutcome.IGNORED,
        detail="",
        order_id=queries.order_of_event(event) if waits else None,
        note="",
    )
    try:
        with db.session.begin_nested():
            db.session.add(kept)
    except IntegrityError:
        return False
    if waits:
        queue.nudge(EVENT_SWEEP)
    return True


def claim_event(*, now: datetime) -> Event | None:
    """Take the message that has been due for longest for this process alone; ``None`` when none is due.

    One at a time: should it kill the process, it alone is tried again, and later.
    """
    due = (
        sa.select(GatewayEvent.id)
        .where(GatewayEvent.state == EventState.WAITING, GatewayEvent.due_at <= now)
        .order_by(GatewayEvent.due_at, GatewayEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    key = db.session.scalar(due)
    if key is None:
        return None
    row = db.session.execute(
        sa.update(GatewayEvent)
        .where(GatewayEvent.id == key)
        .values(attempts=GatewayEvent.attempts + 1, due_at=now + CLAIM_LASTS)
        .returning(
            GatewayEvent.event_id,
            GatewayEvent.kind,
            GatewayEvent.session_id,
            GatewayEvent.payment_id,
            GatewayEvent.live,
        )
    ).one()
    return Event(**row._asdict())


def set_aside_interrupted(*, now: datetime) -> int:
    """Set aside what was claimed as often as it may be and never answered for; return how many."""
    return len(
        db.session.scalars(
            sa.update(GatewayEvent)
            .where(
                GatewayEvent.state == EventState.WAITING,
                GatewayEvent.due_at <= now,
                GatewayEvent.attempts >= rules.EVENT_TRIES,
            )
            .values(state=EventState.SET_ASIDE, due_at=None, detail=_INTERRUPTED)
            .returning(GatewayEvent.id)
        ).all()
    )


def finish_event(event_id: str) -> GatewayEvent | None:
    """Mark a message as dealt with, and return it for its outcome; ``None`` when another process was first."""
    return db.session.scalar(
        sa.update(GatewayEvent)
        .where(GatewayEvent.event_id == event_id, GatewayEvent.state == EventState.WAITING)
        .values(state=EventState.DONE, due_at=None, outcome=EventOutcome.IGNORED, detail="")
        .returning(GatewayEvent)
        .execution_options(populate_existing=True)
    )


def event_failed(event_id: str, *, reason: str, now: datetime, for_good: bool = False) -> bool:
    """Write down why a try failed; return whether the message is set aside, and not tried again by itself."""
    kept = db.session.scalar(
        sa.select(GatewayEvent)
        .where(GatewayEvent.event_id == event_id, GatewayEvent.state == EventState.WAITING)
        .with_for_update()
    )
    if kept is None:
        return False
    kept.detail = reason
    kept.due_at = None if for_good else rules.next_try(attempts=kept.attempts, now=now)
    if kept.due_at is None:
        kept.state = EventState.SET_ASIDE
    return kept.state is EventState.SET_ASIDE


def retry_event(key: int, *, actor: User, now: datetime) -> None:
    """Try a message that is set aside once more, from the first try on; raise ``EventNotAside``."""
    if not _retry(GatewayEvent.id == key, actor=actor, now=now):
        raise EventNotAside("Ce message n’est plus mis de côté.")


def retry_events(*, actor: User, now: datetime) -> int:
    """Try everything that is set aside once more, as when what stopped it is mended; return how many."""
    return _retry(sa.true(), actor=actor, now=now)


def file_event(key: int, *, note: str, actor: User, now: datetime) -> None:
    """Put away a message that is set aside, with what was found; raise ``EventNotAside``."""
    filed = db.session.execute(
        sa.update(GatewayEvent)
        .where(GatewayEvent.id == key, GatewayEvent.state == EventState.SET_ASIDE)
        .values(state=EventState.FILED, filed_at=now, filed_by_id=actor.id, note=note)
        .returning(GatewayEvent.id, GatewayEvent.event_id)
    ).one_or_none()
    if filed is None:
        raise EventNotAside("Ce message n’est plus mis de côté.")
    audit.record(
        "payments.file_event",
        subject=("gateway_event", filed.id, filed.event_id),
        now=now,
        actor=actor,
        changes={"reason": note},
    )


def _retry(which: sa.ColumnExpressionArgument[bool], *, actor: User, now: datetime) -> int:
    again = db.session.execute(
        sa.update(GatewayEvent)
        .where(GatewayEvent.state == EventState.SET_ASIDE, which)
        .values(state=EventState.WAITING, due_at=now, attempts=0, detail="")
        .returning(GatewayEvent.id, GatewayEvent.event_id)
    ).all()
    for key, event_id in again:
        audit.record("payments.retry_event", subject=("gateway_event", key, event_id), now=now, actor=actor)
    if again:
        queue.nudge(EVENT_SWEEP)
    return len(again)

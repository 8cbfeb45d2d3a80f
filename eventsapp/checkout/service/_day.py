"""A day is called off or moved: everybody who has a seat there, or bought one, is told once."""

from collections.abc import Sequence
from datetime import date, datetime

from eventsapp.accounts.models import User
from eventsapp.checkout.models import DayCancellation, DayCancellationItem
from eventsapp.checkout.statuses import ItemOutcome
from eventsapp.core import queue
from eventsapp.core.db import db
from eventsapp.registrations import mails
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.values import Essentials
from eventsapp.waiting_list import service as waiting_list

#: The sweep that deals with the orders of the days called off.
SWEEP = "days.cancel"


def cancel_day(day: StudyDay, *, note: str, actor: User, now: datetime) -> int:
    """Call ``day`` off for good, and have its orders dealt with one by one; return how many people will be told.

    Nobody takes a seat from here on. Who tells whom is settled here: an address that stands in several orders is told
    with the first. Raises ``IllegalTransition`` and ``Conflict``.
    """
    study_days.cancel(day, note=note, actor=actor, now=now)
    cancellation = DayCancellation(study_day_id=day.id, started_at=now, started_by_id=actor.id)
    db.session.add(cancellation)
    db.session.flush()
    people = _people_by_order(registrations.of_day(day.id))
    db.session.add_all(
        DayCancellationItem(
            cancellation_id=cancellation.id,
            order_id=order_id,
            people=[[address, name] for address, name in told.items()],
            outcome=ItemOutcome.WAITING,
        )
        for order_id, told in people.items()
    )
    queue.nudge(SWEEP)
    told = {address for theirs in people.values() for address in theirs}
    return len(told) + waiting_list.dissolve(day.id, told=told, now=now)


def postpone_day(day: StudyDay, *, to: date | None, note: str, reopen: bool, actor: User, now: datetime) -> int:
    """Move ``day`` to another date, or to one to be found, and tell its people; return how many.

    Raises ``IllegalTransition``, ``Invalid`` and ``Conflict``.
    """
    before = day.local_start
    study_days.postpone(day, to=to, note=note, reopen=reopen, actor=actor, now=now)
    waiting = waiting_list.suspend(day.id, now=now)
    return waiting + mails.day_postponed(day, registrations.of_day(day.id), before=before, to=to, now=now)


def publish_day(day: StudyDay, *, actor: User, now: datetime) -> None:
    """Show ``day`` to visitors, or open its registrations again; who waits for a seat goes first.

    Raises ``NotReady``, ``IllegalTransition`` and ``Conflict``.
    """
    study_days.publish(day, actor=actor, now=now)
    waiting_list.tend(day.id, now=now)


def edit_day(day: StudyDay, *, values: Essentials, version: int, actor: User, now: datetime) -> None:
    """Change when and where ``day`` is held, and for how many: seats that this makes go to who waits for them.

    Raises ``Conflict`` and ``Invalid``.
    """
    study_days.edit_essentials(day, values=values, version=version, actor=actor, now=now)
    waiting_list.tend(day.id, now=now)


def _people_by_order(seats: Sequence[Registration]) -> dict[int, dict[str, str]]:
    """Return whom each order tells, address → name: its buyer and its participants, each address once in all."""
    people: dict[int, dict[str, str]] = {}
    told: set[str] = set()
    # Buyers first: what they are told says what becomes of their money.
    for seat in seats:
        order = seat.order_line.order
        theirs = people.setdefault(order.id, {})
        if order.email not in told:
            theirs[order.email] = order.buyer_name
            told.add(order.email)
    for seat in seats:
        if seat.is_named and seat.email not in told:
            people[seat.order_line.order_id][seat.email] = seat.name
            told.add(seat.email)
    return people

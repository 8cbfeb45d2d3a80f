"""The orders of a day that was called off, each in a transaction of its own: it may stop anywhere, and goes on."""

import logging
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.checkout import queries
from eventsapp.checkout.models import DayCancellationItem
from eventsapp.checkout.service._cancel_part import carry_out, part_of
from eventsapp.checkout.statuses import ItemOutcome
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import NEXT, OrderStatus
from eventsapp.registrations import mails
from eventsapp.registrations import queries as registrations
from eventsapp.registrations import service as registration_service
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import SEATED, RegistrationStatus, before
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscriptions

log = logging.getLogger(__name__)

#: What the history, the credit notes and the refunds say of it.
_REASON = "Journée annulée"


def cancel_orders_of_days(*, now: datetime) -> int:
    """Deal with every order of the days called off that still waits; return how many.

    An order is cancelled, or the part of it that was for the day, credited, its card money asked back and its people
    told, in one transaction with the mark that says so: stopped in between nothing of it happened, run twice at once
    the second finds the mark.
    """
    done = 0
    for item_id in queries.waiting_items():
        try:
            with unit_of_work.transaction():
                done += _deal_with(item_id, now=now)
        except Exception as error:
            log.exception("order %s of a day called off could not be dealt with", item_id)
            with unit_of_work.transaction():
                _note_problem(item_id, f"{type(error).__name__}: {error}")
    return done


def _deal_with(item_id: int, *, now: datetime) -> bool:
    item = _claimed(item_id, now=now)
    if item is None:
        return False
    day = db.session.scalars(
        sa.select(StudyDay)
        .where(StudyDay.id == item.cancellation.study_day_id)
        .options(joinedload(StudyDay.city), joinedload(StudyDay.venue))
    ).one()
    order = orders.lock(item.order_id)
    registration_service.hold_of_order(order.id)
    seats = _seats(order, day)
    item.outcome = _outcome(order, seats)
    back_cents = to_card = 0
    if item.outcome is ItemOutcome.CANCELLED:
        part = part_of(order, seats=seats, now=now, free=True)
        item.outcome = ItemOutcome.CANCELLED if part.is_all else ItemOutcome.PART
        back_cents, to_card = carry_out(order, part, reason=_REASON, now=now)
    people = [(str(address), str(name)) for address, name in item.people]
    mails.day_cancelled(day, order, people, back_cents=back_cents, card_cents=to_card, now=now)
    return True


def _claimed(item_id: int, *, now: datetime) -> DayCancellationItem | None:
    """Mark the item as dealt with and return it, or ``None`` when somebody else did."""
    claimed = db.session.scalar(
        sa.update(DayCancellationItem)
        .where(DayCancellationItem.id == item_id, DayCancellationItem.outcome == ItemOutcome.WAITING)
        .values(outcome=ItemOutcome.CANCELLED, done_at=now, problem="")
        .returning(DayCancellationItem.id)
    )
    if claimed is None:
        return None
    return db.session.scalars(
        sa.select(DayCancellationItem)
        .where(DayCancellationItem.id == claimed)
        .options(joinedload(DayCancellationItem.cancellation))
        .execution_options(populate_existing=True)
    ).one()


def _seats(order: Order, day: StudyDay) -> list[Registration]:
    """Return the seats of an order that go with the day: of other days called off too, when nothing else is in it."""
    seats = [row for row in registrations.standing_of_order(order.id) if row.status in SEATED]
    takes_place = any(row.study_day.status is not StudyDayStatus.CANCELLED for row in seats)
    if takes_place or subscriptions.standing_of_order(order.id):
        return [row for row in seats if row.study_day_id == day.id]
    return seats


def _outcome(order: Order, seats: Sequence[Registration]) -> ItemOutcome:
    """Return what is to become of a locked order, or of these seats of it."""
    if OrderStatus.CANCELLED not in NEXT[order.status] or not seats:
        return ItemOutcome.CLOSED
    if any(row.status not in before(RegistrationStatus.CANCELLED) for row in seats):
        # Somebody came, or was awaited in vain, before it was called off: whether that is owed a machine cannot say.
        return ItemOutcome.BY_HAND
    return ItemOutcome.CANCELLED


def _note_problem(item_id: int, problem: str) -> None:
    db.session.execute(
        sa.update(DayCancellationItem)
        .where(DayCancellationItem.id == item_id, DayCancellationItem.outcome == ItemOutcome.WAITING)
        .values(problem=problem[:300])
    )

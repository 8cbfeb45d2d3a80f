"""Somebody who comes to a day without a seat: an order placed at the door, its payment to come, and a welcome."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.attendance import queries as attendance_queries
from eventsapp.attendance import rules as attendance_rules
from eventsapp.attendance import service as attendance
from eventsapp.attendance.values import Answer
from eventsapp.audit import service as audit
from eventsapp.checkout.service._place import place_order
from eventsapp.checkout.values import Occasion, OrderRequest
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments.models import PaymentMethod
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.study_days.models import StudyDay


def walk_in(
    request: OrderRequest, *, day: StudyDay, beyond_capacity: bool, device: str, actor: User, now: datetime
) -> tuple[Order, Answer | None]:
    """Place the order, let its one person in, and send them the way to their own page; return order and answer.

    With ``beyond_capacity``, on purpose, a full day takes one more. An order whose method asks for the money first
    only holds its seat: the answer then says so. Without an address nothing is sent: mails are kept for the office, the
    ticket is printed. The same idempotency key gives the same order and answer again.
    Raises what ``place_order`` raises, and ``DayOver``.
    """
    attendance.require_open(day, at=now)
    order, bought = place_order(request, now=now, occasion=Occasion(at_the_door=True, beyond_capacity=beyond_capacity))
    is_new = bought is not None
    if is_new and beyond_capacity:
        db.session.refresh(day, ["seats_taken"])
    if is_new and day.seats_taken > day.capacity:
        audit.record(
            "attendance.overbook",
            subject=("study_day", day.id, day.title),
            now=now,
            actor=actor,
            changes={"seats_taken": day.seats_taken, "capacity": day.capacity},
        )
    placed = registration_queries.of_order(order.id)[0]
    seat = attendance_queries.seat(placed.id, day_id=day.id)
    if seat is None:
        return order, None
    if is_new and placed.has_ticket and placed.email:
        registrations.send_ticket(placed, actor=actor, now=now)
    key = f"{attendance_rules.WALK_IN}{order.id}"
    return order, attendance.admit_seat(seat, day=day, device=device, by=actor, now=now, key=key)


def methods_at_the_door() -> Sequence[PaymentMethod]:
    """Return the methods by which somebody at the door may promise to pay: not in advance.

    A public body's SIRET and purchase order come later, into the dossier of its order.
    """
    return [row for row in payments.enabled_methods() if row.confirms_seat]

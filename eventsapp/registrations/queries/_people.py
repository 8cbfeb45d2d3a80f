"""Reading one seat by whoever fills it in, and whose names are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.registrations import rules
from eventsapp.registrations.models import NamingReminderSent, Registration, RetiredTicket
from eventsapp.registrations.statuses import NamingReminder, RegistrationStatus
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus

_WHOLE = (
    joinedload(Registration.study_day).joinedload(StudyDay.city),
    joinedload(Registration.study_day).joinedload(StudyDay.venue),
    joinedload(Registration.order_line).joinedload(OrderLine.order),
    joinedload(Registration.rate),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDue:
    """A reminder that a seat has no name, not sent yet."""

    order_id: int
    registration_id: int
    kind: NamingReminder
    #: The date of the day, in its town.
    held_on: date


def seat_for_link(secret: str) -> Registration | None:
    """Return the seat that a private link opens, day, rate and order loaded, or ``None``."""
    return db.session.scalar(sa.select(Registration).where(Registration.secret == secret).options(*_WHOLE))


def seat(seat_id: int) -> Registration | None:
    """Return that seat with nothing loaded, or ``None``."""
    return db.session.get(Registration, seat_id)


def seat_as_it_is(seat_id: int) -> Registration:
    """Return the seat as the database has it now, day, rate and order loaded, whatever was read before."""
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.id == seat_id)
        .options(*_WHOLE)
        .execution_options(populate_existing=True)
    ).one()


def seat_of_order(order_id: int, seat_id: int) -> Registration | None:
    """Return that seat if it is of that order, day, rate and order loaded, or ``None``."""
    return db.session.scalar(
        sa.select(Registration)
        .join(Registration.order_line)
        .where(Registration.id == seat_id, OrderLine.order_id == order_id)
        .options(*_WHOLE)
    )


def seat_by_key(seat_id: int) -> Registration | None:
    """Return that seat, day, rate and order loaded, or ``None``."""
    return db.session.scalar(sa.select(Registration).where(Registration.id == seat_id).options(*_WHOLE))


def retired_tickets(seat_id: int) -> Sequence[RetiredTicket]:
    """Return the tickets of a seat that no longer open a door, the latest first."""
    return db.session.scalars(
        sa.select(RetiredTicket)
        .where(RetiredTicket.registration_id == seat_id)
        .order_by(RetiredTicket.retired_at.desc(), RetiredTicket.id.desc())
    ).all()


def naming_reminders(seat_id: int) -> Sequence[NamingReminderSent]:
    """Return what was sent by itself because a seat has no name."""
    return db.session.scalars(sa.select(NamingReminderSent).where(NamingReminderSent.registration_id == seat_id)).all()


def of_line(line_id: int) -> Sequence[Registration]:
    """Return the seats that a line bought, in their places in the order."""
    return db.session.scalars(
        sa.select(Registration).where(Registration.order_line_id == line_id).order_by(Registration.position)
    ).all()


def naming_reminders_due(*, now: datetime, only: int | None = None) -> list[ReminderDue]:
    """Return every reminder that is due and was not sent, of all orders or of one.

    Of confirmed seats of real orders at days that take place; nobody is written to who was within the last day.
    """
    furthest = max(days for days, _kind in rules.REMINDERS)
    around = timedelta(days=furthest + 2)
    asked = (
        sa.select(
            Registration.id,
            Registration.created_at,
            Registration.invited_at,
            Registration.reminded_at,
            OrderLine.order_id,
            StudyDay.held_on,
            StudyDay.timezone,
        )
        .join(Registration.order_line)
        .join(OrderLine.order)
        .join(Registration.study_day)
        .where(
            StudyDay.status == StudyDayStatus.PUBLISHED,
            StudyDay.starts_at > now,
            StudyDay.starts_at <= now + around,
            Registration.status == RegistrationStatus.CONFIRMED,
            Registration.named_at.is_(None),
            sa.not_(Registration.is_test),
            Order.status == OrderStatus.CONFIRMED,
        )
        .order_by(OrderLine.order_id, Registration.position)
    )
    rows = db.session.execute(asked if only is None else asked.where(OrderLine.order_id == only)).all()
    due = []
    for row in rows:
        zone = settings.zone(row.timezone)
        kind = rules.reminder_due(
            held_on=row.held_on,
            bought_on=row.created_at.astimezone(zone).date(),
            today=now.astimezone(zone).date(),
        )
        last = max((moment for moment in (row.invited_at, row.reminded_at) if moment), default=None)
        if kind is not None and rules.may_write_again(last=last, now=now):
            due.append(ReminderDue(order_id=row.order_id, registration_id=row.id, kind=kind, held_on=row.held_on))
    sent = _sent([each.registration_id for each in due])
    return [each for each in due if (each.registration_id, each.kind, each.held_on) not in sent]


def _sent(seat_ids: Sequence[int]) -> set[tuple[int, NamingReminder, date]]:
    """Return what the ledger has of these seats."""
    rows = db.session.execute(
        sa.select(NamingReminderSent.registration_id, NamingReminderSent.kind, NamingReminderSent.held_on).where(
            NamingReminderSent.registration_id.in_(seat_ids)
        )
    )
    return {(key, kind, held_on) for key, kind, held_on in rows}

"""Finding whose ticket it is, and what happened with it."""

import functools
import hashlib
import operator
from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.attendance import rules
from eventsapp.attendance.models import CheckIn
from eventsapp.attendance.statuses import Outcome
from eventsapp.core import listing
from eventsapp.core.db import db
from eventsapp.core.listing import Listing
from eventsapp.orders.models import Order, OrderLine
from eventsapp.registrations.models import Registration, RetiredTicket
from eventsapp.registrations.statuses import CONFIRMED, RegistrationStatus
from eventsapp.study_days.models import Rate, StudyDay

#: Names shown for one search, and admissions shown as the latest.
MOST_FOUND, MOST_LATEST = 20, 8
#: What an admission is that was not taken back.
_LIVE = (CheckIn.outcome == Outcome.ADMITTED, CheckIn.undone_at.is_(None))
#: As a list at a door is read; seats still to be named come last.
BY_NAME = (
    Registration.named_at.is_(None),
    Registration.last_name.asc(),
    Registration.first_name.asc(),
    Registration.id.asc(),
)


def seats_of_codes(codes: Collection[str]) -> dict[str, Registration]:
    """Return the seats with these tickets, whatever their day, by code; rate and order loaded."""
    found = db.session.scalars(_seats().where(Registration.ticket_code.in_(codes)))
    return {seat.ticket_code: seat for seat in found}


def seats_of_keys(registration_ids: Collection[int]) -> dict[int, Registration]:
    """Return these seats by key in the same way."""
    return {seat.id: seat for seat in db.session.scalars(_seats().where(Registration.id.in_(registration_ids)))}


def retired(codes: Collection[str]) -> dict[str, RetiredTicket]:
    """Return what is known of tickets that were replaced, by code; the seat, its rate and order loaded."""
    rows = db.session.scalars(
        sa.select(RetiredTicket)
        .where(RetiredTicket.code.in_(codes))
        .options(
            joinedload(RetiredTicket.registration).options(
                joinedload(Registration.rate), joinedload(Registration.order_line).joinedload(OrderLine.order)
            )
        )
    )
    return {row.code: row for row in rows}


def seat(registration_id: int, *, day_id: int) -> Registration | None:
    """Return a seat of the day, rate and order loaded, or ``None``."""
    return db.session.scalar(_seats().where(Registration.id == registration_id, Registration.study_day_id == day_id))


def kept_scan(key: str) -> CheckIn | None:
    """Return what a scan with this key came to, with the admission before it, or ``None``."""
    return db.session.scalar(sa.select(CheckIn).where(CheckIn.client_key == key).options(joinedload(CheckIn.first)))


def kept_entry(check_in_id: int) -> CheckIn | None:
    """Return that passage, or ``None``."""
    return db.session.get(CheckIn, check_in_id)


def live_admissions(registration_id: int) -> Sequence[CheckIn]:
    """Return the admissions of somebody who was let in, one for each date, in order."""
    return db.session.scalars(
        sa.select(CheckIn).where(CheckIn.registration_id == registration_id, *_LIVE).order_by(CheckIn.held_on)
    ).all()


def day_with_city(day_id: int) -> StudyDay:
    """Return that day, its city loaded."""
    return db.session.scalars(sa.select(StudyDay).where(StudyDay.id == day_id).options(joinedload(StudyDay.city))).one()


def date_at(day: StudyDay, moment: datetime) -> date:
    """Return which of its dates a moment belongs to; before or after the day, the nearest one."""
    zone = day.local_start.tzinfo
    return rules.half_day_at(moment.astimezone(zone), rules.half_days(day.local_start, day.local_end)).on


def awaited(on: date) -> sa.ColumnElement[bool]:
    """Return what says of a seat that nobody has come with it on that date."""
    came = sa.exists().where(CheckIn.registration_id == Registration.id, *_LIVE)
    return sa.or_(
        Registration.status != RegistrationStatus.ATTENDED,
        # Whoever came on another date only; who was noted as present without the door is there.
        sa.and_(came, sa.not_(came.where(CheckIn.held_on == on))),
    )


def inside(registration_ids: Collection[int], *, on: date) -> set[int]:
    """Return which of these seats let somebody in on that date."""
    return set(
        db.session.scalars(
            sa.select(Registration.id).where(Registration.id.in_(registration_ids), sa.not_(awaited(on)))
        )
    )


def check_in(check_in_id: int, *, day_id: int) -> CheckIn | None:
    """Return what was done at the door of a day: its seat with rate and order, and the admission before it."""
    return db.session.scalar(
        sa.select(CheckIn)
        .where(CheckIn.id == check_in_id, CheckIn.study_day_id == day_id)
        .options(
            joinedload(CheckIn.first),
            joinedload(CheckIn.registration).options(
                joinedload(Registration.rate), joinedload(Registration.order_line).joinedload(OrderLine.order)
            ),
        )
    )


def entries(check_in_ids: Collection[int], *, day_id: int) -> Sequence[CheckIn]:
    """Return which of these passages let somebody in at the day and were not taken back, the seat and order loaded."""
    return db.session.scalars(
        sa.select(CheckIn)
        .where(CheckIn.id.in_(check_in_ids), CheckIn.study_day_id == day_id, *_LIVE)
        .options(
            joinedload(CheckIn.registration).joinedload(Registration.order_line).joinedload(OrderLine.order),
        )
        .order_by(CheckIn.at, CheckIn.id)
        .execution_options(populate_existing=True)
    ).all()


def check_ins_of(registration_id: int) -> Sequence[CheckIn]:
    """Return all that happened at the doors with a seat, the latest first."""
    return db.session.scalars(
        sa.select(CheckIn)
        .where(CheckIn.registration_id == registration_id)
        .order_by(CheckIn.at.desc(), CheckIn.id.desc())
    ).all()


def latest(day_id: int) -> Sequence[CheckIn]:
    """Return who came last at a day, the seat loaded."""
    return db.session.scalars(
        sa.select(CheckIn)
        .where(
            CheckIn.study_day_id == day_id,
            CheckIn.outcome == Outcome.ADMITTED,
            CheckIn.undone_at.is_(None),
        )
        .options(joinedload(CheckIn.registration))
        .order_by(CheckIn.at.desc(), CheckIn.id.desc())
        .limit(MOST_LATEST)
    ).all()


def others_of_order(seat: Registration, *, on: date) -> Sequence[Registration]:
    """Return the other seats of the order that nobody has come with yet on that date, rate and order loaded."""
    lines = sa.select(OrderLine.id).where(OrderLine.order_id == seat.order_line.order_id)
    return db.session.scalars(
        sa.select(Registration)
        .where(
            Registration.order_line_id.in_(lines),
            Registration.study_day_id == seat.study_day_id,
            Registration.status.in_(CONFIRMED),
            awaited(on),
            Registration.id != seat.id,
        )
        .options(joinedload(Registration.rate), joinedload(Registration.order_line).joinedload(OrderLine.order))
        .order_by(Registration.position)
    ).all()


def found_by_name(day_id: int, words: str) -> Sequence[Registration]:
    """Return the confirmed seats of a day whose person, payer or order is called so, rate and order loaded."""
    people = Listing(
        name="accueil",
        title="",
        statement=sa.select(Registration)
        .join(Registration.order_line)
        .join(OrderLine.order)
        .where(Registration.study_day_id == day_id, Registration.status.in_(CONFIRMED)),
        loads=(
            joinedload(Registration.rate),
            contains_eager(Registration.order_line).contains_eager(OrderLine.order),
        ),
        search=(Registration.first_name, Registration.last_name, Order.billing_name, Order.reference),
        columns=(),
        order=BY_NAME,
    )
    return listing.first_rows(people, words=words, most=MOST_FOUND)


def tickets(day_id: int, *, on: date) -> Sequence[tuple[Registration, CheckIn | None]]:
    """Return the confirmed seats of a day with how each person came on that date: what a phone needs offline."""
    rows = db.session.execute(
        _seats()
        .add_columns(CheckIn)
        .outerjoin(CheckIn, _came_with(on))
        .where(Registration.study_day_id == day_id, Registration.status.in_(CONFIRMED))
        .order_by(*BY_NAME)
    )
    return [(seat, admission) for seat, admission in rows]


def tickets_version(day_id: int, *, on: date) -> str:
    """Return what changes with everything that ``tickets`` gives and does not without: one row, no object made of it.

    It is read from what is shown and not counted up by whoever writes, so that no way of changing a seat is forgotten.
    """
    shown = [
        sa.cast(each, sa.String)
        for each in (
            Registration.id,
            Registration.ticket_code,
            Registration.first_name,
            Registration.last_name,
            Registration.named_at,
            Registration.status,
            Order.billing_name,
            Order.first_name,
            Order.last_name,
            Rate.name,
            Rate.name_en,
            CheckIn.id,
            CheckIn.at,
        )
    ]
    # A letter before each: nothing known is not the same as an empty text, and no two columns run together.
    row = functools.reduce(operator.add, (sa.func.coalesce(sa.literal("+") + each, "-") for each in shown))
    rows = sa.select(row.label("row")).select_from(Registration).join(Registration.rate).join(Registration.order_line)
    rows = rows.join(OrderLine.order).outerjoin(CheckIn, _came_with(on))
    rows = rows.where(Registration.study_day_id == day_id, Registration.status.in_(CONFIRMED)).order_by(Registration.id)
    told = db.session.scalar(sa.select(sa.func.aggregate_strings(rows.subquery().c.row, "\n"))) or ""
    return hashlib.sha256(told.encode()).hexdigest()


def _came_with(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(CheckIn.registration_id == Registration.id, CheckIn.held_on == on, *_LIVE)


def _seats() -> sa.Select[Registration]:
    return sa.select(Registration).options(
        joinedload(Registration.rate), joinedload(Registration.order_line).joinedload(OrderLine.order)
    )

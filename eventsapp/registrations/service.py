"""Writing registrations, and moving them with their order."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.orders.models import OrderLine
from eventsapp.registrations import queries
from eventsapp.registrations.errors import AlreadyRegistered, IllegalTransition
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import SEATED, NamedBy, RegistrationStatus, before
from eventsapp.registrations.values import Attendee
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay


def register(
    day: StudyDay,
    *,
    attendees: Sequence[Attendee],
    lines: Mapping[str, OrderLine],
    confirmed: bool,
    now: datetime,
    beyond_capacity: bool = False,
    is_test: bool = False,
) -> list[Registration]:
    """Take the seats and write one registration per person, pointing at the line of its rate.

    ``lines`` maps rate codes to order lines; the day's rates are loaded. Raises ``SoldOut``, ``RegistrationClosed``
    and ``AlreadyRegistered``.
    """
    if beyond_capacity:
        study_days.take_beyond(day, count=len(attendees))
    else:
        study_days.take_seats(day, count=len(attendees))
    _require_new(day.id, {attendee.identity for attendee in attendees if attendee.is_named})
    rates = {rate.code: rate for rate in day.rates}
    registrations = [
        Registration(
            order_line_id=lines[attendee.rate].id,
            study_day_id=day.id,
            rate_id=rates[attendee.rate].id,
            position=position,
            first_name=attendee.first_name,
            last_name=attendee.last_name,
            email=attendee.email,
            job_title=attendee.job_title,
            access_needs=attendee.access_needs,
            status=RegistrationStatus.CONFIRMED if confirmed else RegistrationStatus.HELD,
            named_at=now if attendee.is_named else None,
            named_by=NamedBy.BUYER if attendee.is_named else None,
            created_at=now,
            is_test=is_test,
        )
        for position, attendee in enumerate(attendees, start=1)
    ]
    db.session.add_all(registrations)
    return registrations


def confirm(order_id: int) -> None:
    """Confirm the held seats of an order."""
    _move(order_id, of={RegistrationStatus.HELD}, to=RegistrationStatus.CONFIRMED)


def release(order_id: int) -> None:
    """Cancel the seats of an order and give them back, but for those of people who came, or were awaited in vain."""
    going = SEATED & before(RegistrationStatus.CANCELLED)
    # Nobody is let in between the count of what is given back and the change of its status.
    hold(sa.select(Registration.id).join(Registration.order_line).where(OrderLine.order_id == order_id))
    freed = Counter(row.study_day_id for row in queries.of_order(order_id) if row.status in going)
    for day_id, count in sorted(freed.items()):
        study_days.free_seats(day_id, count=count)
    _move(order_id, of=going, to=RegistrationStatus.CANCELLED)


def retake(order_id: int) -> None:
    """Take again the seats of an order that expired, all or none.

    Raises ``SoldOut``, ``RegistrationClosed`` and ``AlreadyRegistered``, and changes nothing then.
    """
    registrations = [row for row in queries.of_order(order_id) if row.status is RegistrationStatus.CANCELLED]
    named = [row for row in registrations if row.is_named]
    counts = Counter(row.study_day_id for row in registrations)
    with db.session.begin_nested():
        for day in queries.days_of_order(order_id):
            if counts[day.id]:
                study_days.take_seats(day, count=counts[day.id])
                _require_new(day.id, {row.identity for row in named if row.study_day_id == day.id})
    _move(order_id, of={RegistrationStatus.CANCELLED}, to=RegistrationStatus.CONFIRMED)


def hold(seats: Collection[int] | sa.Select[int]) -> None:
    """Let nobody else change these seats until the transaction ends; the lowest key comes first."""
    db.session.execute(
        sa.select(Registration.id)
        .where(Registration.id.in_(seats))
        .order_by(Registration.id)
        .with_for_update(key_share=True)
    )


def attend(registration_id: int) -> bool:
    """Note that somebody came, and return whether this call did: of two doors at once, one is told ``False``.

    The database compares and writes in one statement.
    """
    return _turn(registration_id, to=RegistrationStatus.ATTENDED)


def leave(registration_id: int, *, absent: bool = False) -> bool:
    """Take back that somebody came, and return whether this call did: awaited again, or ``absent``."""
    to = RegistrationStatus.ABSENT if absent else RegistrationStatus.CONFIRMED
    return _turn(registration_id, to=to, of=RegistrationStatus.ATTENDED)


def note_absent(day_id: int, *, absent: bool = True) -> list[int]:
    """Note as absent whoever was awaited at a day and did not come, or await them again; return their keys."""
    awaited, missed = RegistrationStatus.CONFIRMED, RegistrationStatus.ABSENT
    of, to = (awaited, missed) if absent else (missed, awaited)
    hold(sa.select(Registration.id).where(Registration.study_day_id == day_id, Registration.status == of))
    return list(
        db.session.scalars(
            sa.update(Registration)
            .where(Registration.study_day_id == day_id, Registration.status == of)
            .values(status=to)
            .returning(Registration.id)
        )
    )


def _turn(registration_id: int, *, to: RegistrationStatus, of: RegistrationStatus | None = None) -> bool:
    allowed = before(to) - {RegistrationStatus.CANCELLED, RegistrationStatus.HELD}
    turned = db.session.scalar(
        sa.update(Registration)
        .where(Registration.id == registration_id, Registration.status.in_({of} if of else allowed))
        .values(status=to)
        .returning(Registration.id)
    )
    return turned is not None


def _require_new(day_id: int, people: Collection[tuple[str, str]]) -> None:
    """Raise ``AlreadyRegistered`` when one of the people has a seat at the day.

    Asked once its seats are taken: whoever registers the same person at the same moment waits, and is refused.
    """
    seated = queries.people_seated({day_id}, emails={email for email, _name in people})
    if any((day_id, person) in seated for person in people):
        raise AlreadyRegistered("Une de ces personnes a déjà une place à cette journée.")


def _move(order_id: int, *, of: Collection[RegistrationStatus], to: RegistrationStatus) -> None:
    """Take the seats of an order that stand in ``of`` on to ``to``, which must follow each of them (``NEXT``)."""
    if not before(to).issuperset(of):
        raise IllegalTransition(f"{sorted(of)} → {to}")
    lines = sa.select(OrderLine.id).where(OrderLine.order_id == order_id)
    db.session.execute(
        sa.update(Registration)
        .where(Registration.order_line_id.in_(lines), Registration.status.in_(of))
        .values(status=to)
    )

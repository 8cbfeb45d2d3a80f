"""Seats taken, confirmed, given back and taken again, with their order."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.orders.models import OrderLine
from eventsapp.registrations import queries
from eventsapp.registrations.errors import AlreadyRegistered, IllegalTransition
from eventsapp.registrations.models import Registration
from eventsapp.registrations.service._answers import with_files, write_answers
from eventsapp.registrations.statuses import SEATED, NamedBy, RegistrationStatus, before
from eventsapp.registrations.values import Attendee
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.waiting_list import service as waiting_list


def register(
    day: StudyDay,
    *,
    attendees: Sequence[Attendee],
    lines: Mapping[str, OrderLine],
    confirmed: bool,
    now: datetime,
    beyond_capacity: bool = False,
    is_test: bool = False,
    waiting_entry_id: int | None = None,
    questions: Sequence[Question] = (),
    answers: Mapping[str, Any] | None = None,
) -> list[Registration]:
    """Take the seats and write one registration per person, pointing at the line of its rate.

    ``lines`` maps rate codes to order lines; the day's rates are loaded. With ``waiting_entry_id`` the seats are those
    that are kept for that group of the waiting list. ``answers``, like those of each person, were checked against
    ``questions``. Raises ``SoldOut``, ``RegistrationClosed``, ``AlreadyRegistered``
    and ``OfferOver``.
    """
    # Reading files takes a while: before anybody waits for the day.
    by_code = {question.code: question for question in questions}
    of_people = [with_files(attendee.answers, questions=by_code, now=now) for attendee in attendees if by_code]
    of_order = with_files(answers or {}, questions=by_code, now=now) if by_code else {}
    if waiting_entry_id is not None:
        order_id = next(iter(lines.values())).order_id
        waiting_list.take_up(waiting_entry_id, study_day_id=day.id, order_id=order_id, count=len(attendees), now=now)
    elif beyond_capacity:
        study_days.take_beyond(day, count=len(attendees))
    else:
        # Nobody passes those who wait: what should be theirs is theirs before anybody else asks.
        waiting_list.serve(day.id, now=now)
        study_days.take_seats(day, count=len(attendees))
    require_new(day.id, {attendee.identity for attendee in attendees if attendee.is_named})
    rates = {rate.code: rate for rate in day.rates}
    registrations = [
        Registration(
            order_line_id=lines[attendee.rate].id,
            study_day_id=day.id,
            study_day=day,
            rate_id=rates[attendee.rate].id,
            rate=rates[attendee.rate],
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
    if by_code:
        db.session.flush()
        write_answers(
            {row.id: given for row, given in zip(registrations, of_people, strict=True)},
            of_orders={next(iter(lines.values())).order_id: of_order},
            questions=by_code,
            now=now,
        )
    return registrations


def confirm(order_id: int) -> None:
    """Confirm the held seats of an order."""
    _move(order_id, of={RegistrationStatus.HELD}, to=RegistrationStatus.CONFIRMED)


def release(order_id: int, *, now: datetime) -> list[Registration]:
    """Cancel the seats of an order and give them back, but for those of people who came, or were awaited in vain.

    They are offered to the waiting list at once, or kept for the group of it whose order ran out. Returns those
    that were confirmed, whose people know of them.
    """
    going = SEATED & before(RegistrationStatus.CANCELLED)
    # Nobody is let in between the count of what is given back and the change of its status.
    seats = [row for row in hold_of_order(order_id) if row.status in going]
    confirmed = [row for row in seats if row.status is RegistrationStatus.CONFIRMED]
    for day_id, count in sorted(Counter(row.study_day_id for row in seats).items()):
        kept = waiting_list.keep_for_order(order_id, study_day_id=day_id, count=count, now=now)
        study_days.free_seats(day_id, count=count - kept)
        waiting_list.serve(day_id, now=now)
    _move(order_id, of=going, to=RegistrationStatus.CANCELLED)
    return confirmed


def withdraw(seats: Sequence[Registration], *, now: datetime) -> None:
    """Cancel these seats for good, and serve who waits; raise ``IllegalTransition``.

    They are of a locked order and held (``hold_of_order``): whoever was let in since they were read is not put out.
    """
    stuck = {row.status for row in seats if row.status not in SEATED & before(RegistrationStatus.CANCELLED)}
    if stuck:
        raise IllegalTransition(f"{sorted(stuck)} → {RegistrationStatus.CANCELLED}")
    for day_id, count in sorted(Counter(row.study_day_id for row in seats).items()):
        study_days.free_seats(day_id, count=count)
        waiting_list.serve(day_id, now=now)
    for row in seats:
        row.status, row.withdrawn_at = RegistrationStatus.CANCELLED, now
    db.session.flush()


def retake(order_id: int, *, now: datetime) -> None:
    """Take again the seats of an order that expired, all or none, but for those that were cancelled by themselves.

    Who waits for one goes first.

    Raises ``SoldOut``, ``RegistrationClosed`` and ``AlreadyRegistered``, and changes nothing then.
    """
    registrations = [
        row
        for row in hold_of_order(order_id)
        if row.withdrawn_at is None and row.status is RegistrationStatus.CANCELLED
    ]
    named = [row for row in registrations if row.is_named]
    counts = Counter(row.study_day_id for row in registrations)
    with db.session.begin_nested():
        for day in queries.days_of_order(order_id):
            if counts[day.id]:
                kept = waiting_list.take_up_again(order_id, study_day_id=day.id, now=now)
                waiting_list.serve(day.id, now=now)
                study_days.take_seats(day, count=counts[day.id] - kept)
                require_new(day.id, {row.identity for row in named if row.study_day_id == day.id})
    _move(order_id, of={RegistrationStatus.CANCELLED}, to=RegistrationStatus.CONFIRMED)


def hold(seats: Collection[int] | sa.Select[int]) -> None:
    """Let nobody else change these seats until the transaction ends; the lowest key comes first."""
    db.session.execute(
        sa.select(Registration.id)
        .where(Registration.id.in_(seats))
        .order_by(Registration.id)
        .with_for_update(key_share=True)
    )


def hold_of_orders(order_ids: Collection[int]) -> None:
    """Hold the seats of several locked orders."""
    hold(sa.select(Registration.id).join(Registration.order_line).where(OrderLine.order_id.in_(order_ids)))


def hold_of_order(order_id: int) -> Sequence[Registration]:
    """Hold the seats of a locked order, and return them as they stand now: after the order, before any day."""
    hold_of_orders([order_id])
    return queries.of_order(order_id, anew=True)


def require_new(day_id: int, people: Collection[tuple[str, str]], *, but: int | None = None) -> None:
    """Raise ``AlreadyRegistered`` when one of the people has a seat at the day, other than the seat ``but``.

    Asked once its seats are taken: whoever registers the same person at the same moment waits, and is refused.
    """
    seated = queries.people_seated({day_id}, emails={email for email, _name in people}, but=but)
    if any((day_id, person) in seated for person in people):
        raise AlreadyRegistered("Une de ces personnes a déjà une place à cette journée.")


def _move(order_id: int, *, of: Collection[RegistrationStatus], to: RegistrationStatus) -> None:
    """Take the seats of an order that stand in ``of`` on to ``to``, which must follow each of them (``NEXT``)."""
    if not before(to).issuperset(of):
        raise IllegalTransition(f"{sorted(of)} → {to}")
    lines = sa.select(OrderLine.id).where(OrderLine.order_id == order_id)
    db.session.execute(
        sa.update(Registration)
        .where(Registration.order_line_id.in_(lines), Registration.status.in_(of), Registration.withdrawn_at.is_(None))
        .values(status=to)
    )

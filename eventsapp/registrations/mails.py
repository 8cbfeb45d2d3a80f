"""The mails to participants."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.registrations.values import Person
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus


def seats_confirmed(order: Order, seats: Sequence[Registration], *, now: datetime) -> None:
    """Tell each participant of a confirmed order that one of its ``seats`` is theirs; the buyer has the order's mail.

    Nothing in it leads to the order, the bill or the other participants. Who is not named yet is told once named, and
    who was to come to a day that was called off is told of that.
    """
    for registration in seats:
        called_off = registration.study_day.status is StudyDayStatus.CANCELLED
        if registration.is_named and registration.email != order.email and not called_off:
            _seat_confirmed(registration, order, now=now)


def seats_cancelled(seats: Sequence[Registration], order: Order, *, now: datetime) -> None:
    """Tell each participant whose seats were cancelled, once; the buyer has the order's own mail.

    Of a day that was called off people have another mail, and nobody is told of a day that is over.
    """
    by_person: dict[str, list[Registration]] = {}
    for seat in seats:
        day = seat.study_day
        is_coming = day.status is not StudyDayStatus.CANCELLED and day.ends_at > now
        if seat.is_named and seat.email != order.email and is_coming:
            by_person.setdefault(seat.email, []).append(seat)
    for address, theirs in by_person.items():
        outbox.queue_mail(
            "registrations/seat_cancelled",
            to=address,
            to_name=theirs[0].name,
            now=now,
            locale=order.locale,
            about=("order", order.id),
            registration_id=theirs[0].id if len(theirs) == 1 else None,
            seats=theirs,
            name=theirs[0].name,
            registered_by=order.buyer_name,
            site_name=current().site_name,
        )


def seat_given(registration: Registration, order: Order, *, now: datetime) -> None:
    """Tell the person who was just named that the seat is theirs; while it is only held, nothing is told yet."""
    if registration.has_ticket:
        _seat_confirmed(registration, order, now=now)


def seat_passed_on(registration: Registration, order: Order, former: Person, *, now: datetime) -> None:
    """Tell ``former`` that the seat is somebody else's now: not whose, nor why."""
    _write(
        "registrations/seat_passed_on",
        registration,
        order,
        to=former.email,
        to_name=f"{former.first_name} {former.last_name}".strip(),
        now=now,
    )


def address_changed(registration: Registration, order: Order, former: Person, *, now: datetime) -> None:
    """Tell ``former`` where they were written to that the ticket goes to another address now: not to which."""
    _write(
        "registrations/address_changed",
        registration,
        order,
        to=former.email,
        to_name=f"{former.first_name} {former.last_name}".strip(),
        now=now,
    )


def invitation(registration: Registration, order: Order, *, again: bool = False, now: datetime) -> None:
    """Ask whoever was invited to say who they are; ``again`` when they were asked before."""
    _write(
        "registrations/invitation",
        registration,
        order,
        to=registration.invited_email,
        again=again,
        now=now,
    )


def names_missing(order: Order, seats: Sequence[Registration], *, now: datetime) -> None:
    """Remind the buyer of the seats of one day that nobody was invited to."""
    _write(
        "registrations/names_missing",
        seats[0],
        order,
        to=order.email,
        to_name=order.buyer_name,
        is_of_seat=False,
        count=len(seats),
        people_url=absolute("participants.people", locale=order.locale, reference=order.reference, secret=order.secret),
        now=now,
    )


def day_cancelled(
    day: StudyDay,
    order: Order,
    people: Sequence[tuple[str, str]],
    *,
    back_cents: int = 0,
    card_cents: int = 0,
    now: datetime,
) -> None:
    """Tell the ``people`` of an order, address and name, that the day does not take place.

    The buyer alone learns what becomes of the order: ``back_cents`` go back, ``card_cents`` of them to the card.
    """
    for address, name in people:
        is_buyer = address == order.email
        outbox.queue_mail(
            "registrations/day_cancelled",
            to=address,
            to_name=name,
            now=now,
            locale=order.locale,
            about=("order", order.id),
            study_day_id=day.id,
            name=name,
            day=day,
            day_url=absolute("study_days.day", locale=order.locale, slug=day.slug),
            order=order if is_buyer else None,
            order_url=absolute("orders.order", locale=order.locale, reference=order.reference, secret=order.secret)
            if is_buyer
            else "",
            back_cents=back_cents,
            card_cents=card_cents,
            site_name=current().site_name,
        )


def day_postponed(
    day: StudyDay, seats: Sequence[Registration], *, before: datetime, to: date | None, now: datetime
) -> int:
    """Tell everybody concerned that the day moves from ``before`` (local time); return how many mails there are."""
    return _tell_all("registrations/day_postponed", day, seats, now=now, before=before, date_known=to is not None)


def _tell_all(template: str, day: StudyDay, seats: Sequence[Registration], *, now: datetime, **context: Any) -> int:
    """Write one mail to each address among participants and buyers, orders loaded."""
    people: dict[str, tuple[str, Order, int | None]] = {}
    for seat in seats:
        order = seat.order_line.order
        if seat.is_named:
            people.setdefault(seat.email, (seat.name, order, seat.id))
        people.setdefault(order.email, (order.buyer_name, order, None))
    for address, (name, order, registration_id) in people.items():
        outbox.queue_mail(
            template,
            to=address,
            to_name=name,
            now=now,
            locale=order.locale,
            about=("order", order.id),
            study_day_id=day.id,
            registration_id=registration_id,
            name=name,
            day=day,
            day_url=absolute("study_days.day", locale=order.locale, slug=day.slug),
            site_name=current().site_name,
            **context,
        )
    return len(people)


def _seat_confirmed(registration: Registration, order: Order, *, now: datetime) -> None:
    _write(
        "registrations/seat_confirmed",
        registration,
        order,
        to=registration.email,
        to_name=registration.name,
        ticket_url=absolute("tickets.ticket", locale=order.locale, secret=registration.secret),
        calendar_url=absolute("tickets.calendar", locale=order.locale, secret=registration.secret),
        now=now,
    )


def _write(
    template: str,
    registration: Registration,
    order: Order,
    *,
    to: str,
    now: datetime,
    to_name: str = "",
    is_of_seat: bool = True,
    **context: Any,
) -> None:
    day = registration.study_day
    outbox.queue_mail(
        template,
        to=to,
        to_name=to_name,
        now=now,
        locale=order.locale,
        about=("order", order.id),
        study_day_id=day.id,
        registration_id=registration.id if is_of_seat else None,
        name=to_name,
        day=day,
        registered_by=order.buyer_name,
        page_url=absolute("seats.seat", locale=order.locale, secret=registration.secret),
        day_url=absolute("study_days.day", locale=order.locale, slug=day.slug),
        site_name=current().site_name,
        **context,
    )

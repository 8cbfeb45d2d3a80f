"""Seats given back and taken again with their order."""

import pytest

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.registrations import queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.errors import AlreadyRegistered, IllegalTransition
from eventsapp.registrations.statuses import NEXT, RegistrationStatus
from eventsapp.study_days.errors import RegistrationClosed, SoldOut
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.checkout.looking import statuses, taken
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")

CONFIRMED, CANCELLED = RegistrationStatus.CONFIRMED, RegistrationStatus.CANCELLED


def _release(order_id: int) -> None:
    with unit_of_work.transaction():
        registrations.release(order_id, now=NOW)


def _retake(order_id: int) -> None:
    with unit_of_work.transaction():
        registrations.retake(order_id, now=NOW)


def _people(day: StudyDay) -> list[str]:
    return [seat.name for seat in queries.of_day(day.id)]


def test_the_people_of_a_day_are_those_whose_seats_count_by_name() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(2), an_attendee(1)))
    place(seats(make_study_day(), an_attendee(3)))
    gone = place(seats(day, an_attendee(4)))

    _release(gone.id)

    assert _people(day) == ["Claude Roux1", "Claude Roux2"]


def test_seats_of_an_order_are_given_back_once_and_no_other() -> None:
    day, other = make_study_day(), make_study_day()
    order = place(seats(day, an_attendee(1), an_attendee(2)), seats(other, an_attendee(1)))
    place(seats(day, an_attendee(3)))

    _release(order.id)
    _release(order.id)

    assert statuses() == [CANCELLED, CANCELLED, CANCELLED, CONFIRMED]
    assert (taken(day), taken(other)) == (1, 0)


def test_seats_are_taken_again_on_every_day_of_the_order() -> None:
    day, other = make_study_day(), make_study_day()
    order = place(seats(day, an_attendee(1), an_attendee(2)), seats(other, an_attendee(1)))
    _release(order.id)

    _retake(order.id)

    assert statuses() == [CONFIRMED] * 3
    assert (taken(day), taken(other)) == (2, 1)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [({"capacity": 0}, SoldOut), ({"status": StudyDayStatus.CANCELLED}, RegistrationClosed)],
)
def test_seats_are_taken_again_all_or_none(values: dict[str, object], refusal: type[Exception]) -> None:
    day, other = make_study_day(), make_study_day()
    order = place(seats(day, an_attendee(1)), seats(other, an_attendee(1)))
    _release(order.id)
    with unit_of_work.transaction():
        for name, value in values.items():
            setattr(other, name, value)

    with pytest.raises(refusal):
        _retake(order.id)

    assert statuses() == [CANCELLED, CANCELLED]
    assert (taken(day), taken(other)) == (0, 0)


def test_a_seat_is_not_taken_again_for_whoever_has_one_by_now() -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1)))
    _release(order.id)
    place(seats(day, an_attendee(1)))

    with pytest.raises(AlreadyRegistered):
        _retake(order.id)

    assert taken(day) == 1


def test_who_came_keeps_the_seat_when_the_order_is_cancelled() -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1), an_attendee(2)))
    (came, _awaited) = queries.of_order(order.id)
    came.status = RegistrationStatus.ATTENDED
    db.session.commit()

    _release(order.id)

    db.session.expire_all()
    assert (taken(day), statuses()) == (1, [RegistrationStatus.ATTENDED, CANCELLED])


def test_a_seat_goes_only_where_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    order = place(seats(make_study_day()), payment_method="card")
    monkeypatch.setitem(NEXT, RegistrationStatus.HELD, NEXT[RegistrationStatus.HELD] - {CONFIRMED})

    with pytest.raises(IllegalTransition), unit_of_work.transaction():
        registrations.confirm(order.id)

    assert statuses() == [RegistrationStatus.HELD]

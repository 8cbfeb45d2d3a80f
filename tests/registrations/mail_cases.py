"""What sends each mail about a seat and its name, for the texts kept in ``tests/mail/texts``."""

from collections.abc import Callable
from datetime import timedelta

from eventsapp.core import unit_of_work
from eventsapp.places.models import City
from eventsapp.registrations import service as registrations
from eventsapp.registrations.statuses import NamedBy
from eventsapp.study_days.models import StudyDay
from tests.registrations.looking import a_person, invite, name, seat_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day


def _day() -> StudyDay:
    city = City(slug="angers", name="Angers", latitude=47.47, longitude=-0.55)
    return make_study_day(slug="angers", title="Mutualiser : mais quoi ?", city=city)


def _asked_to_fill_in(*, again: bool, locale: str = "fr") -> None:
    order = place(seats(_day(), unnamed()), locale=locale)
    invite(order)
    if again:
        with unit_of_work.transaction():
            registrations.remind(seat_of(order), now=NOW + timedelta(days=1))


def _passed_on() -> None:
    order = place(seats(_day(), an_attendee(1)))
    with unit_of_work.transaction():
        registrations.substitute(seat_of(order), person=a_person(), by=NamedBy.BUYER, now=NOW)


def _readdressed() -> None:
    order = place(seats(_day(), unnamed()))
    name(order, by=NamedBy.SELF)
    with unit_of_work.transaction():
        registrations.correct_seat(
            seat_of(order), person=a_person(1, email="c.petit@ville-exemple.fr"), by=NamedBy.BUYER, now=NOW
        )


def _without_names(count: int) -> None:
    day = _day()
    place(seats(day, *[unnamed()] * count))
    registrations.remind_due(now=day.starts_at - timedelta(days=14))


CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "order_placed_unnamed": (
        "checkout/order_placed",
        lambda: place(seats(_day(), an_attendee(1), unnamed(), unnamed())),
    ),
    "seat_invitation": ("registrations/invitation", lambda: _asked_to_fill_in(again=False)),
    "seat_invitation_again": ("registrations/invitation", lambda: _asked_to_fill_in(again=True)),
    "seat_invitation_en": ("registrations/invitation", lambda: _asked_to_fill_in(again=False, locale="en")),
    "seat_passed_on": ("registrations/seat_passed_on", _passed_on),
    "seat_address_changed": ("registrations/address_changed", _readdressed),
    "names_missing": ("registrations/names_missing", lambda: _without_names(1)),
    "names_missing_many": ("registrations/names_missing", lambda: _without_names(3)),
}

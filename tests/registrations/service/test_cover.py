"""A seat at the subscriber rate passes on: freely where the buyer subscribes, else to whom a subscription covers."""

from typing import Any

import pytest

from eventsapp.core import unit_of_work
from eventsapp.orders.models import Order
from eventsapp.registrations import service as registrations
from eventsapp.registrations.errors import NotCovered
from eventsapp.registrations.statuses import NamedBy
from tests.registrations.looking import a_person, name, seat_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract

pytestmark = pytest.mark.usefixtures("transaction", "frozen")

BUYER = "finances@ville-exemple.fr"
FORMER = "claude.roux1@ville-exemple.fr"


def replace(order: Order, *, by: NamedBy = NamedBy.BUYER, position: int = 1, number: int = 1) -> None:
    with unit_of_work.transaction():
        registrations.substitute(seat_of(order, position), person=a_person(number), by=by, now=NOW)


def correct(order: Order, *, by: NamedBy = NamedBy.SELF, **person: Any) -> None:
    with unit_of_work.transaction():
        registrations.correct_seat(seat_of(order), person=a_person(**person), by=by, now=NOW)


@pytest.fixture
def own() -> Order:
    """A seat that its participant's own subscription covers."""
    make_contract(FORMER)
    return place(seats(make_study_day(), an_attendee(1, rate="subscriber")))


def test_the_seat_of_a_subscriber_passes_to_nobody_without_a_subscription(own: Order) -> None:
    with pytest.raises(NotCovered) as refused:
        replace(own)

    assert "Claude Roux1" in refused.value.message
    assert seat_of(own).email == FORMER


def test_it_passes_to_another_subscriber_once(own: Order) -> None:
    make_contract("camille.petit1@ville-exemple.fr")
    replace(own)

    assert seat_of(own).email == "camille.petit1@ville-exemple.fr"


def test_a_subscription_that_covers_another_seat_already_does_not_cover_this_one(own: Order) -> None:
    make_contract("camille.petit1@ville-exemple.fr")
    taken = an_attendee(2, first_name="Alix", last_name="Autre", email="camille.petit1@ville-exemple.fr")
    place(seats(seat_of(own).study_day, an_attendee(2, rate="subscriber", **_named(taken))))

    with pytest.raises(NotCovered):
        replace(own)


def _named(attendee: object) -> dict[str, str]:
    return {field: getattr(attendee, field) for field in ("first_name", "last_name", "email")}


def test_what_the_buyer_subscribes_to_covers_whoever_is_sent() -> None:
    make_contract(BUYER, readers=2)
    order = place(seats(make_study_day(), unnamed(rate="subscriber"), an_attendee(2, rate="subscriber")))

    name(order, 1)
    replace(order, number=7)
    replace(order, position=2, number=8)

    assert seat_of(order).email == "camille.petit7@ville-exemple.fr"
    assert seat_of(order, 2).email == "camille.petit8@ville-exemple.fr"


def test_a_reader_left_to_the_buyer_covers_whoever_follows_a_subscriber(own: Order) -> None:
    make_contract(BUYER)

    replace(own)

    assert seat_of(own).email == "camille.petit1@ville-exemple.fr"


def test_the_office_may_pass_it_on(own: Order) -> None:
    replace(own, by=NamedBy.OFFICE)

    assert seat_of(own).email == "camille.petit1@ville-exemple.fr"


def test_a_correction_of_name_and_address_is_somebody_else_and_of_one_of_them_is_not(own: Order) -> None:
    with pytest.raises(NotCovered):
        correct(own)

    correct(own, first_name="Claude", last_name="Roux1", email="claude@autre-ville.fr")
    assert seat_of(own).email == "claude@autre-ville.fr"

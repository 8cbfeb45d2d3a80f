"""One person takes one seat of a day."""

from datetime import timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.errors import Invalid
from eventsapp.orders import queries as orders
from tests.checkout.looking import pay, taken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction", "frozen")

OF_ONE_ADDRESS = {"email": "secretariat@ville-exemple.fr"}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"last_name": "ROUX1", "first_name": "claude"},
        {"first_name": " Claudé"},
        {"email": "Claude.ROUX1@ville-exemple.fr "},
        {"last_name": "Rou x1"},
    ],
)
def test_nobody_takes_two_seats_however_the_name_is_typed(typed: dict[str, Any]) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))

    with pytest.raises(Invalid) as later:
        place(seats(day, an_attendee(2), an_attendee(1, **typed)))
    with pytest.raises(Invalid) as at_once:
        place(seats(make_study_day(), an_attendee(1), an_attendee(1, **typed)))

    pointer = "/items/0/attendees/1/last_name"
    assert later.value.errors == {pointer: "Cette personne a déjà une place à cette journée."}
    assert at_once.value.errors == {pointer: "Cette personne figure déjà dans la commande."}
    assert taken(day) == 1


def test_people_may_share_an_address_and_a_person_comes_to_several_days() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1, **OF_ONE_ADDRESS), an_attendee(2, **OF_ONE_ADDRESS)))

    place(seats(day, an_attendee(3, **OF_ONE_ADDRESS)))
    place(seats(make_study_day(), an_attendee(1, **OF_ONE_ADDRESS)))

    assert taken(day) == 3


def test_whoever_gave_the_seat_back_may_come_again() -> None:
    day = make_study_day()
    first = place(seats(day, an_attendee(1)))
    with unit_of_work.transaction():
        checkout.cancel_order(first.id, reason="", actor=make_user(RoleName.ORGANISER), now=NOW)

    place(seats(day, an_attendee(1)))

    assert taken(day) == 1


def test_a_late_payment_takes_no_second_seat_for_whoever_ordered_again() -> None:
    day = make_study_day()
    late = place(seats(day, an_attendee(1)), payment_method="card")
    checkout.expire_due(now=NOW + timedelta(hours=2))
    place(seats(day, an_attendee(1)))

    pay(late, late.total_cents, gateway_reference="pi_late")

    found = orders.by_reference(late.reference)
    assert found is not None
    assert found.paid_without_seat
    assert taken(day) == 1

"""Seats are bought before it is known for whom."""

import pytest

from eventsapp.checkout.errors import NotASubscriber
from eventsapp.core import unit_of_work
from eventsapp.mail import queries as mails
from eventsapp.registrations import queries as registrations
from eventsapp.registrations import service
from eventsapp.registrations.statuses import NamedBy
from tests.checkout.looking import taken
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


def test_an_order_takes_seats_for_people_to_be_named() -> None:
    day = make_study_day()

    order = place(seats(day, an_attendee(1), unnamed(), unnamed()))

    rows = registrations.of_order(order.id)
    assert [row.name for row in rows] == [
        "Claude Roux1",
        "Place à nommer n°\N{NO-BREAK SPACE}2",
        "Place à nommer n°\N{NO-BREAK SPACE}3",
    ]
    assert [(row.named_at, row.named_by) for row in rows] == [(NOW, NamedBy.BUYER), (None, None), (None, None)]
    assert len({row.secret for row in rows} | {row.ticket_code for row in rows}) == 6
    assert min(len(row.ticket_code) for row in rows) == 22
    assert taken(day) == 3
    assert order.lines[0].detail == "Claude Roux1, 2 places à nommer"
    assert (order.lines[0].quantity, order.lines[0].total_cents) == (3, 3 * order.lines[0].unit_price_cents)


def test_seats_without_names_are_no_doubles_of_each_other() -> None:
    day = make_study_day()
    place(seats(day, unnamed(), unnamed()))

    place(seats(day, unnamed()))

    assert taken(day) == 3


def test_an_expired_order_of_seats_without_names_is_taken_again() -> None:
    day = make_study_day()
    order = place(seats(day, unnamed(), unnamed()), payment_method="card")
    place(seats(day, unnamed()))
    with unit_of_work.transaction():
        service.release(order.id, now=NOW)

    with unit_of_work.transaction():
        service.retake(order.id, now=NOW)

    assert taken(day) == 3


def test_nobody_is_written_to_before_being_named() -> None:
    day = make_study_day()

    order = place(seats(day, unnamed(), an_attendee(2)))

    sent = mails.mails_about("order", order.id)
    assert sorted(mail.to_address for mail in sent) == ["claude.roux2@ville-exemple.fr", "finances@ville-exemple.fr"]


def test_a_seat_without_a_name_counts_against_the_subscription_of_whoever_buys() -> None:
    day = make_study_day(rates={"subscriber": 54000, "standard": 62100})
    make_contract("finances@ville-exemple.fr", plan=make_plan(readers=2))
    # A gift that nobody has accepted has no address either; it covers nobody.
    make_contract("", plan=make_plan(readers=5))

    place(seats(day, unnamed("subscriber"), unnamed("subscriber")))

    with pytest.raises(NotASubscriber):
        place(seats(day, unnamed("subscriber")))

"""What the subscriber rate needs."""

from datetime import date

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotASubscriber
from eventsapp.core import unit_of_work
from eventsapp.orders.values import Buyer
from eventsapp.subscriptions import service as readers
from tests.checkout.looking import PRIVATE, pay, taken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.readers import BUYER, invited, make_institution, readership
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan

pytestmark = pytest.mark.usefixtures("transaction")


def test_the_subscriber_rate_needs_a_subscription() -> None:
    day = make_study_day()

    with pytest.raises(NotASubscriber) as refusal:
        place(seats(day, an_attendee(1), an_attendee(2, rate="subscriber")))

    assert list(refusal.value.errors) == ["/items/0/attendees/1/rate"]
    assert taken(day) == 0


def test_an_individual_subscription_in_the_basket_covers_one_seat() -> None:
    day = make_study_day()
    plan = make_plan()
    first, second = an_attendee(1, rate="subscriber"), an_attendee(2, rate="subscriber")

    with pytest.raises(NotASubscriber) as refusal:
        place(seats(day, first, second), subscription(plan))
    assert list(refusal.value.errors) == ["/items/0/attendees/1/rate"]

    assert place(seats(day, first), subscription(plan)).total_cents == 54000 + 12900


def test_an_institution_covers_as_many_seats_as_it_has_readers() -> None:
    day = make_study_day()
    plan = make_plan(readers=2)
    people = [an_attendee(number, rate="subscriber") for number in range(1, 4)]

    with pytest.raises(NotASubscriber):
        place(seats(day, *people), subscription(plan))

    assert place(seats(day, *people[:2]), subscription(plan)).total_cents == 2 * 54000 + 12900


def test_a_participant_brings_a_subscription_of_their_own() -> None:
    make_contract("claude.roux1@ville-exemple.fr")

    order = place(seats(make_study_day(), an_attendee(1, rate="subscriber")))

    assert order.total_cents == 54000


def test_the_organisation_of_a_subscriber_is_known_by_its_siret() -> None:
    first = place(subscription(make_plan(readers=3)))
    pay(first, 12900)

    order = place(
        seats(make_study_day(), an_attendee(7, rate="subscriber")),
        buyer=Buyer(email="autre@ville-exemple.fr", first_name="A", last_name="B"),
    )

    assert order.total_cents == 54000


def test_a_reader_of_an_institution_sits_by_their_own_address_and_the_institution_has_one_less() -> None:
    institution = make_institution(2)
    reader = an_attendee(1, rate="subscriber")
    (member,) = invited(institution, reader.email)
    readers.accept(member.secret, now=NOW)
    day, buyer = make_study_day(), Buyer(email=reader.email, first_name="Claude", last_name="Roux")
    buyers = Buyer(email=BUYER, first_name="Camille", last_name="Petit")
    two = [an_attendee(number, rate="subscriber") for number in (2, 3)]

    assert place(seats(day, reader), buyer=buyer, billing=PRIVATE, payment_method="cheque").total_cents == 54000
    with pytest.raises(NotASubscriber):
        place(seats(day, *two), buyer=buyers, billing=PRIVATE, payment_method="cheque")
    place(seats(day, two[0]), buyer=buyers, billing=PRIVATE, payment_method="cheque")


def test_who_was_taken_off_or_only_invited_sits_by_no_institution() -> None:
    institution = make_institution(3)
    reader = an_attendee(1, rate="subscriber")
    (member,) = invited(institution, reader.email)
    buyer = Buyer(email=reader.email, first_name="Claude", last_name="Roux")

    with pytest.raises(NotASubscriber):
        place(seats(make_study_day(), reader), buyer=buyer, billing=PRIVATE, payment_method="cheque")
    readers.accept(member.secret, now=NOW)
    readers.remove(readership(institution), member.id, by=BUYER, now=NOW)
    with pytest.raises(NotASubscriber):
        place(seats(make_study_day(), reader), buyer=buyer, billing=PRIVATE, payment_method="cheque")


def test_a_subscription_that_has_run_out_covers_nothing() -> None:
    make_contract("claude.roux1@ville-exemple.fr", ends_on=date(2026, 11, 22))

    with pytest.raises(NotASubscriber):
        place(seats(make_study_day(), an_attendee(1, rate="subscriber")))


def test_a_subscription_promised_by_cheque_counts_and_one_never_paid_by_card_does_not() -> None:
    day = make_study_day()
    person = an_attendee(1, rate="subscriber")
    place(subscription(make_plan()), payment_method="card", billing=PRIVATE)
    with pytest.raises(NotASubscriber):
        place(seats(day, person), billing=PRIVATE, payment_method="cheque")

    place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE)
    order = place(seats(day, person), billing=PRIVATE, payment_method="cheque")

    assert order.total_cents == 54000


def test_an_individual_subscription_covers_one_seat_of_a_day_whatever_the_number_of_orders() -> None:
    day, other_day = make_study_day(), make_study_day()
    make_contract("finances@ville-exemple.fr")
    place(seats(day, an_attendee(1, rate="subscriber")))

    with pytest.raises(NotASubscriber) as refusal:
        place(seats(day, an_attendee(2, rate="subscriber")))

    assert list(refusal.value.errors) == ["/items/0/attendees/0/rate"]
    assert place(seats(other_day, an_attendee(2, rate="subscriber"))).total_cents == 54000


def test_a_seat_given_back_is_covered_again() -> None:
    day = make_study_day()
    make_contract("finances@ville-exemple.fr")
    first = place(seats(day, an_attendee(1, rate="subscriber")))
    with unit_of_work.transaction():
        checkout.cancel_order(first.id, reason="", actor=make_user(RoleName.ORGANISER), now=NOW)

    assert place(seats(day, an_attendee(2, rate="subscriber"))).total_cents == 54000


def test_people_of_one_address_do_not_share_an_individual_subscription() -> None:
    day = make_study_day()
    make_contract("secretariat@ville-exemple.fr")
    people = [an_attendee(number, rate="subscriber", email="secretariat@ville-exemple.fr") for number in (1, 2)]

    with pytest.raises(NotASubscriber) as refusal:
        place(seats(day, *people))

    assert list(refusal.value.errors) == ["/items/0/attendees/1/rate"]


def test_colleagues_share_what_the_subscription_of_their_organisation_covers() -> None:
    pay(place(subscription(make_plan(readers=2))), 12900)
    day = make_study_day()
    colleagues = [Buyer(email=f"{name}@ville-exemple.fr", first_name="A", last_name="B") for name in "xyz"]
    for number in (0, 1):
        place(seats(day, an_attendee(number, rate="subscriber")), buyer=colleagues[number])

    with pytest.raises(NotASubscriber):
        place(seats(day, an_attendee(2, rate="subscriber")), buyer=colleagues[2])

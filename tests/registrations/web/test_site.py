"""One's own seat, by its link: everything about it, and nothing of the order and the others."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.registrations import service as registrations
from eventsapp.registrations.statuses import NamedBy
from eventsapp.study_days.statuses import StudyDayStatus
from tests.registrations.looking import invite, mails, seat_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")

PERSON = {"first_name": "Camille", "last_name": "Petit", "email": "camille@ville-exemple.fr", "job_title": "DGS"}


def page(order: Order, position: int = 1) -> str:
    return f"/inscriptions/{seat_of(order, position).secret}/"


def test_the_page_shows_ones_own_seat_and_nothing_else(client: FlaskClient) -> None:
    city = make_city("Angers")
    venue = make_venue(city, access_by_train="À dix minutes de la gare.")
    day = make_study_day(venue=venue, city=city, practical="Le **déjeuner** est servi sur place.")
    order = place(seats(day, an_attendee(1), an_attendee(2)))

    answer = client.get(page(order))

    assert answer.status_code == 200
    for shown in (
        "Claude Roux1",
        venue.name,
        "À dix minutes de la gare.",
        "<strong>déjeuner</strong>",
        "<svg",
        "Dominique Martin",
    ):
        assert shown in answer.text
    assert seat_of(order).ticket_code in answer.text
    other = seat_of(order, 2)
    for hidden in (order.secret, order.reference, "Roux2", other.secret, other.ticket_code, "621", "Ville d’Exemple"):
        assert hidden not in answer.text


def test_the_page_belongs_to_one_person_and_only_its_secret_opens_it(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    answer = client.get(page(order))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    seat = seat_of(order)
    for wrong in ("x", seat.secret[:-1], seat.secret + "x", order.secret, seat.ticket_code, str(seat.id)):
        for below in ("", "modifier/", "billet.pdf", "agenda.ics"):
            assert client.get(f"/inscriptions/{wrong}/{below}").status_code == 404


def test_a_colleague_fills_in_the_seat_and_has_a_ticket(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), unnamed()))
    invite(order, email="camille@ville-exemple.fr")
    address = page(order)

    asked = client.get(address)
    wrong = client.post(address, data=PERSON | {"first_name": ""})
    sent = client.post(address, data=PERSON)
    after = client.get(sent.location)

    assert "Une place vous est réservée" in asked.text
    assert 'value="camille@ville-exemple.fr"' in asked.text
    assert seat_of(order).ticket_code not in asked.text
    assert wrong.status_code == 422
    assert "Indiquez le prénom." in wrong.text
    assert 'value="Petit"' in wrong.text
    assert (sent.status_code, sent.location) == (303, address)
    assert "Votre place est confirmée" in after.text
    assert seat_of(order).named_by is NamedBy.SELF
    assert [to for to, _text in mails("seat_confirmed")] == ["camille@ville-exemple.fr"]


def test_filling_it_in_twice_changes_nothing_the_second_time(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), unnamed()))
    address = page(order)
    client.post(address, data=PERSON)

    again = client.post(address, data=PERSON | {"last_name": "Autre"})

    assert again.status_code == 303
    assert seat_of(order).last_name == "Petit"
    assert len(mails("seat_confirmed")) == 1


def test_whoever_has_a_seat_already_is_told_beside_the_name(client: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    order = place(seats(day, unnamed()))
    twice = {"first_name": "Claude", "last_name": "Roux1", "email": "claude.roux1@ville-exemple.fr"}

    answer = client.post(page(order), data=twice)

    assert answer.status_code == 422
    assert 'id="last_name-error"' in answer.text
    assert not seat_of(order).is_named


def test_ones_own_details_are_corrected_until_the_doors_open(client: FlaskClient) -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1)))
    address = f"{page(order)}modifier/"

    shown = client.get(address)
    wrong = client.post(address, data=PERSON | {"email": ""})
    sent = client.post(address, data=PERSON)
    with time_machine.travel(day.starts_at, tick=False):
        late = client.post(address, data=PERSON | {"last_name": "Trop-Tard"})
        closed = client.get(page(order))

    assert 'value="Roux1"' in shown.text
    assert wrong.status_code == 422
    assert sent.status_code == 303
    assert late.status_code == 303
    assert seat_of(order).name == "Camille Petit"
    assert "modifier/" not in closed.text


def test_a_held_seat_has_no_ticket_yet(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), an_attendee(1)), payment_method="card")

    answer = client.get(page(order))

    assert "Votre place est retenue" in answer.text
    assert seat_of(order).ticket_code not in answer.text
    assert client.get(f"{page(order)}billet.pdf").status_code == 404


@pytest.mark.parametrize("why", ["seat", "day"])
def test_a_seat_that_is_no_more_says_so_and_has_no_ticket(client: FlaskClient, why: str) -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1)))
    if why == "seat":
        with unit_of_work.transaction():
            registrations.release(order.id, now=NOW)
    else:
        day.status = StudyDayStatus.CANCELLED
        db.session.commit()

    answer = client.get(page(order))

    assert "est annulée" in answer.text
    assert "billet.pdf" not in answer.text


def test_a_seat_that_can_no_longer_be_named_says_what_to_do(client: FlaskClient) -> None:
    day = make_study_day()
    order = place(seats(day, unnamed()))

    with time_machine.travel(day.starts_at + timedelta(minutes=1), tick=False):
        answer = client.get(page(order))

    assert "Présentez-vous à l’accueil" in answer.text


def test_the_page_asks_six_queries(client: FlaskClient, count_queries: AbstractContextManager[QueryCount]) -> None:
    order = place(seats(make_study_day(), an_attendee(1), an_attendee(2)), now=NOW)
    address = page(order)

    with count_queries as count:
        client.get(address)

    # The seat, what the day hands out, its answers and missing files, its reports, and the issue in the masthead.
    assert count() == 6

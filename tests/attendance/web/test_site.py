"""Tickets by their links: one's own, its calendar, and all of an order in one file."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import icalendar
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.registrations import service as registrations
from eventsapp.registrations.statuses import NamedBy
from tests.registrations.looking import a_person, name, seat_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import NOW, make_city, make_study_day

pytestmark = pytest.mark.usefixtures("frozen")


def _texts(body: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(body)).pages]


def _calendar(client: FlaskClient, order: Order) -> icalendar.Event:
    answer = client.get(f"/inscriptions/{seat_of(order).secret}/agenda.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    [event] = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def test_a_ticket_has_the_code_and_what_one_needs_to_come_and_no_price(client: FlaskClient) -> None:
    city = make_city("Angers")
    venue = make_venue(city)
    order = place(seats(make_study_day(venue=venue, city=city), an_attendee(1, job_title="DGS"), an_attendee(2)))
    seat = seat_of(order)

    answer = client.get(f"/inscriptions/{seat.secret}/billet.pdf")

    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    [text] = _texts(answer.data)
    for shown in ("Claude Roux1", "DGS", venue.name, seat.ticket_code, "24 février 2027"):
        assert shown in text
    for hidden in ("Roux2", order.reference, "621", "Dominique"):
        assert hidden not in text


def test_an_order_gives_a_page_for_each_known_person_and_none_for_the_others(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), an_attendee(1), unnamed(), an_attendee(3)))

    answer = client.get(f"/commandes/{order.reference}/{order.secret}/billets.pdf")

    pages = _texts(answer.data)
    assert [("Roux1" in text, "Roux3" in text) for text in pages] == [(True, False), (False, True)]
    assert seat_of(order, 2).ticket_code not in " ".join(pages)


@pytest.mark.parametrize("why", ["held", "unnamed", "cancelled", "wrong secret"])
def test_without_a_confirmed_seat_of_somebody_known_there_is_no_ticket(client: FlaskClient, why: str) -> None:
    order = place(
        seats(make_study_day(), unnamed() if why == "unnamed" else an_attendee(1)),
        payment_method="card" if why == "held" else "mandat",
    )
    if why == "cancelled":
        with unit_of_work.transaction():
            registrations.release(order.id, now=NOW)
    secret = order.secret[:-1] if why == "wrong secret" else order.secret
    own = "x" if why == "wrong secret" else seat_of(order).secret

    assert client.get(f"/commandes/{order.reference}/{secret}/billets.pdf").status_code == 404
    assert client.get(f"/inscriptions/{own}/billet.pdf").status_code == 404
    assert client.get(f"/inscriptions/{own}/agenda.ics").status_code == 404


def test_the_same_seat_gives_the_same_bytes(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    address = f"/inscriptions/{seat_of(order).secret}/billet.pdf"

    assert client.get(address).data == client.get(address).data


def test_the_calendar_keeps_its_identifier_and_counts_every_change(client: FlaskClient) -> None:
    day = make_study_day(starts_at=datetime(2026, 10, 24, 8, tzinfo=UTC) + timedelta(days=120))
    order = place(seats(day, an_attendee(1)))
    first = _calendar(client, order)
    with unit_of_work.transaction():
        registrations.correct_seat(
            seat_of(order), person=a_person(9, email="claude.roux1@ville-exemple.fr"), by=NamedBy.SELF, now=NOW
        )
    named = _calendar(client, order)
    day.calendar_sequence += 1
    db.session.commit()
    moved = _calendar(client, order)

    assert first["DTSTART"].params["TZID"] == "Europe/Paris"
    assert first["UID"] == named["UID"] == moved["UID"] == f"place-{seat_of(order).id}@localhost"
    assert [event["SEQUENCE"] for event in (first, named, moved)] == [0, 1, 2]
    assert "Camille Petit9" in str(named["DESCRIPTION"])
    assert f"/inscriptions/{seat_of(order).secret}/" in str(named["URL"])
    assert order.secret not in named.to_ical().decode()


def test_whoever_was_replaced_has_no_ticket_any_more(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), unnamed()))
    name(order)
    former = seat_of(order).secret
    with unit_of_work.transaction():
        registrations.substitute(seat_of(order), person=a_person(9), by=NamedBy.BUYER, now=NOW)

    assert client.get(f"/inscriptions/{former}/billet.pdf").status_code == 404
    assert client.get(f"/inscriptions/{former}/").status_code == 404
    assert client.get(f"/inscriptions/{seat_of(order).secret}/billet.pdf").status_code == 200

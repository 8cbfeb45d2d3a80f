"""Accepting seats of the waiting list, from the group's private page."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import queries as mails
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.registrations import queries as registrations
from eventsapp.study_days import service as study_days
from eventsapp.waiting_list import queries, service
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import EntryStatus
from tests.checkout.looking import taken
from tests.support.makers.study_days import NOW
from tests.support.makers.waiting_list import make_entry, make_full_day
from tests.support.pages import Page
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("frozen", "sandbox")

ADDRESS = {"address": "1, place de la Mairie", "postcode": "44000", "city": "Nantes"}


def offered(seats: int = 1, **values: Any) -> WaitingEntry:
    """Make a group to whom seats are offered."""
    day = make_full_day()
    entry = make_entry(day, seats, **values)
    with unit_of_work.transaction():
        study_days.free_seats(day.id, count=seats)
        service.serve(day.id, now=NOW)
    return entry


def page_of(client: FlaskClient, entry: WaitingEntry) -> str:
    return str(client.get(f"/attente/{entry.secret}/").text)


def press(client: FlaskClient, entry: WaitingEntry, form: dict[str, str], **changes: str) -> Any:
    return client.post(f"/attente/{entry.secret}/", data=form | changes)


def orders() -> list[Order]:
    return list(db.session.scalars(sa.select(Order).options(sa.orm.selectinload(Order.lines))))


def test_the_button_says_that_it_obliges_to_pay_before_the_rates_are_chosen(client: FlaskClient) -> None:
    shown = page_of(client, offered(2, rate_code=None))

    assert "Accepter et commander avec obligation de paiement" in shown


def test_one_press_accepts_what_is_known(client: FlaskClient) -> None:
    entry = offered()
    shown = page_of(client, entry)
    assert "Une place vous est gardée" in shown
    assert "Jusqu’au mercredi 25\N{NO-BREAK SPACE}novembre 2026, 10\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}00" in shown

    answer = press(client, entry, Page(shown).fields, payment_method="transfer")

    (order,) = orders()
    assert (answer.status_code, answer.location) == (303, f"/commandes/{order.reference}/{order.secret}/")
    assert (order.email, order.status, order.total_cents) == (entry.email, OrderStatus.CONFIRMED, 62100)
    (seat,) = registrations.of_order(order.id)
    assert (seat.email, entry.status, taken(seat.study_day)) == (entry.email, EntryStatus.ACCEPTED, 10)
    assert "C’est accepté" in page_of(client, entry)
    assert order.secret not in page_of(client, entry)


def test_whoever_accepts_may_refuse_other_messages(client: FlaskClient) -> None:
    entry = offered()
    shown = page_of(client, entry)
    assert 'name="no_messages"' in shown

    assert press(client, entry, Page(shown).fields, payment_method="transfer", no_messages="y").status_code == 303

    assert mails.suppressed([entry.email]) == {entry.email: SuppressionReason.UNSUBSCRIBED}


def test_pressed_twice_it_is_one_order(client: FlaskClient) -> None:
    entry = offered()
    form = Page(page_of(client, entry)).fields

    answers = [press(client, entry, form, payment_method="transfer") for _ in range(2)]

    assert len(orders()) == 1
    assert answers[0].location == answers[1].location


def test_pressed_from_two_windows_the_second_is_told(client: FlaskClient) -> None:
    entry = offered()
    forms = [Page(page_of(client, entry)).fields for _ in range(2)]

    statuses = [press(client, entry, form, payment_method="transfer").status_code for form in forms]

    assert statuses[0] == 303
    assert statuses[1] in {409, 422}
    assert len(orders()) == 1


def test_a_group_may_name_its_people_later_or_come_with_fewer(client: FlaskClient) -> None:
    entry = offered(3, organisation="Ville d’Exemple")
    form = Page(page_of(client, entry)).fields
    assert [form[f"attendees-{number}-rate"] for number in range(3)] == ["standard"] * 3
    assert [form[f"attendees-{number}-last_name"] for number in range(3)] == [""] * 3
    form = {name: text for name, text in form.items() if not name.startswith("attendees-2-")}

    answer = press(client, entry, form, payment_method="transfer", **ADDRESS)

    assert answer.status_code == 303, answer.text
    (order,) = orders()
    seats = registrations.of_order(order.id)
    assert [row.is_named for row in seats] == [False, False]
    assert taken(seats[0].study_day) == 9


def test_half_a_name_is_none(client: FlaskClient) -> None:
    entry = offered(2)
    form = Page(page_of(client, entry)).fields
    del form["attendees-0-name_later"]

    answer = press(client, entry, form, **{"attendees-0-last_name": "Roux", "payment_method": "transfer"})

    assert answer.status_code == 422
    assert "Indiquez le prénom." in answer.text
    assert orders() == []


def test_what_is_missing_is_said_and_the_seats_stay(client: FlaskClient) -> None:
    entry = offered(1, organisation="Ville d’Exemple")

    answer = press(client, entry, Page(page_of(client, entry)).fields, payment_method="transfer")

    assert answer.status_code == 422
    assert "Indiquez l’adresse de facturation." in answer.text
    assert entry.status is EntryStatus.OFFERED


def test_after_the_deadline_nothing_is_accepted_even_where_nobody_swept(client: FlaskClient) -> None:
    entry = offered()
    form = Page(page_of(client, entry)).fields

    with time_machine.travel(NOW + timedelta(hours=48), tick=False):
        assert "Le délai est passé" in page_of(client, entry)
        answer = press(client, entry, form, payment_method="transfer")

    assert answer.status_code == 409
    assert "Le délai pour accepter cette proposition est passé." in answer.text
    assert orders() == []


def test_participants_are_taken_out_and_put_back_up_to_what_was_offered(client: FlaskClient) -> None:
    entry = offered(2)
    form = Page(page_of(client, entry)).fields

    fewer = press(client, entry, form, remove_attendee="1")
    assert "attendees-1-rate" not in fewer.text
    more = press(client, entry, Page(fewer.text).fields, add_attendee="1")
    assert "attendees-1-rate" in more.text
    most = press(client, entry, Page(more.text).fields | {"attendees-1-rate": "standard"}, add_attendee="1")
    assert "attendees-2-rate" not in most.text


def test_the_total_follows_the_rates(client: FlaskClient) -> None:
    entry = offered(2)
    form = Page(page_of(client, entry)).fields | {"attendees-1-rate": "elected"}

    answer = client.post(f"/attente/{entry.secret}/total/", data=form)

    assert "1\N{NARROW NO-BREAK SPACE}011,00" in answer.text or "1 011,00" in answer.text.replace("\xa0", " ")


def test_a_card_leads_on_to_the_payment(client: FlaskClient) -> None:
    entry = offered()

    press(client, entry, Page(page_of(client, entry)).fields, payment_method="card")

    (order,) = orders()
    assert (order.status, entry.status) == (OrderStatus.PENDING, EntryStatus.ACCEPTED)
    offer = queries.offers_of(entry.id)[0]
    assert offer.order_id == order.id


@pytest.mark.parametrize("seats", [1, 5])
def test_the_page_of_an_offer_asks_the_same_number_of_queries(client: FlaskClient, seats: int) -> None:
    entry = offered(seats)
    address = f"/attente/{entry.secret}/"

    with counting_queries() as count:
        client.get(address)

    assert count() == 8

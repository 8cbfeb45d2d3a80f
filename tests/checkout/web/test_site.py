"""Registering for a day."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.study_days.statuses import StudyDayStatus
from tests.checkout.web.sending import count, open_day, send, the_order
from tests.support.queries import counting_queries


def summary_of(page: str) -> list[tuple[str, str]]:
    """Return what is left to correct: the field and the words, in their order."""
    return re.findall(
        r'<li><a href="#([^"]+)">([^<]+)</a></li>', page.split('id="errors"')[1].split("</ul>", maxsplit=1)[0]
    )


def test_a_valid_form_makes_an_order_and_leads_to_its_page(client: FlaskClient) -> None:
    day = open_day()

    answer = send(client, day)

    order = the_order()
    assert (answer.status_code, answer.location) == (303, f"/commandes/{order.reference}/{order.secret}/")
    assert (order.email, order.first_name, order.commitment_number) == (
        "claude.roux@ville-exemple.fr", "Claude", "EJ-2026-0417",
    )  # fmt: skip
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Vos places sont confirmées" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_somebody_else_may_order_for_three(client: FlaskClient) -> None:
    day = open_day()
    others = {
        f"attendees-{number}-{name}": text
        for number in (1, 2)
        for name, text in (
            ("first_name", "Sacha"),
            ("last_name", f"Petit{number}"),
            ("email", f"sacha{number}@ville-exemple.fr"),
            ("rate", "elected"),
        )
    }
    contact = {"buyer_attends": "", "first_name": "Dominique", "last_name": "Martin", "email": "dm@ville-exemple.fr"}

    assert send(client, day, others | contact).status_code == 303

    assert (the_order().buyer_name, count(Registration)) == ("Dominique Martin", 3)
    assert [(line.quantity, line.unit_price_cents) for line in lines()] == [(1, 62100), (2, 39000)]


def lines() -> list[Any]:
    order = db.session.scalars(sa.select(Order).options(sa.orm.selectinload(Order.lines))).one()
    return order.lines


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"attendees-0-first_name": ""}, "Indiquez le prénom."),
        ({"attendees-0-email": "claude"}, "Cette adresse n’est pas complète"),
        ({"attendees-0-rate": ""}, "Choisissez un tarif."),
        ({"attendees-0-rate": "cadeau"}, "Choisissez un des tarifs proposés."),
        ({"attendees-0-last_name": "x" * 81}, "Pas plus de 80 caractères."),
        ({"attendees-0-last_name": "Ro\u202eux"}, "caractères invisibles"),
        ({"siret": "217500016000"}, "Le SIRET compte 14 chiffres\u202f; il en manque 2."),
        ({"siret": ""}, "ce mode de règlement le demande"),
        ({"address": ""}, "Indiquez l’adresse de facturation."),
        ({"payment_method": ""}, "Choisissez un mode de règlement."),
        ({"payment_method": "or"}, "Choisissez un"),
        ({"phone": "pas un numéro"}, "Ce numéro n’est pas complet"),
        ({"accept_terms": ""}, "Acceptez les conditions de vente"),
        ({"buyer_attends": ""}, "Indiquez votre courriel"),
        ({"attendees-0-rate": "subscriber"}, "Le tarif abonné demande un abonnement\u00a0: ajoutez-en un"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_nothing_is_lost_and_nothing_written(
    client: FlaskClient, changes: dict[str, str], message: str
) -> None:
    day = open_day()

    answer = send(client, day, changes)

    assert answer.status_code == 422
    assert message in answer.text
    assert 'class="error-summary"' in answer.text
    assert 'value="EJ-2026-0417"' in answer.text
    assert (count(Order), count(Registration), count(OutgoingMail)) == (0, 0, 0)
    assert day.seats_taken == 0


def test_the_summary_follows_the_page_and_points_at_no_hidden_field(client: FlaskClient) -> None:
    day = open_day()

    answer = client.post(
        f"/journees/{day.slug}/inscription/",
        data={"buyer_attends": "y", "attendees-0-rate": "", "organisation": "Ville"},
    )

    assert summary_of(answer.text) == [
        ("attendees-0-first_name", "Indiquez le prénom."),
        ("attendees-0-last_name", "Indiquez le nom."),
        ("attendees-0-email", "Indiquez le courriel\u00a0: la confirmation y est envoyée."),
        ("attendees-0-rate", "Choisissez un tarif."),
        ("address", "Indiquez l’adresse de facturation."),
        ("postcode", "Indiquez le code postal."),
        ("city", "Indiquez la ville."),
        ("payment_method", "Choisissez un mode de règlement."),
        ("accept_terms", "Acceptez les conditions de vente pour commander."),
    ]


def test_the_summary_says_which_participant_lacks_something(client: FlaskClient) -> None:
    second = {
        "attendees-1-first_name": "Dominique",
        "attendees-1-email": "d@exemple.fr",
        "attendees-1-rate": "standard",
    }

    answer = send(client, open_day(), second | {"attendees-1-rate": "standard"})

    assert summary_of(answer.text) == [("attendees-1-last_name", "Participant 2\u00a0: Indiquez le nom.")]


@pytest.mark.parametrize("number", ["0123456789", "01 23 45 67 89", "+32 (0)2 123.45.67", "+33-1-23-45-67-89"])
def test_telephone_numbers_are_taken_as_people_write_them(client: FlaskClient, number: str) -> None:
    assert send(client, open_day(), {"phone": number}).status_code == 303


@pytest.mark.parametrize("number", ["un numéro", "12345", "1234567890123456", "01 23 45 67 89 x", "+", "01+23456789"])
def test_what_nobody_can_dial_is_no_telephone_number(client: FlaskClient, number: str) -> None:
    answer = send(client, open_day(), {"phone": number})

    assert answer.status_code == 422
    assert 'href="#phone"' in answer.text


def test_a_day_that_filled_up_meanwhile_says_so_and_keeps_what_was_typed(client: FlaskClient) -> None:
    day = open_day(capacity=0)

    answer = send(client, day)

    assert answer.status_code == 409
    assert "Il ne reste pas assez de places" in answer.text
    assert 'value="Roux"' in answer.text
    assert (count(Order), count(OutgoingMail)) == (0, 0)


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"capacity": 0}, "La journée est complète"),
        ({"status": StudyDayStatus.CANCELLED}, "La journée est annulée"),
        ({"status": StudyDayStatus.POSTPONED}, "La journée est reportée"),
        ({"registration_closes_at": datetime(2020, 1, 1, tzinfo=UTC)}, "Les inscriptions sont closes"),
    ],
)
def test_a_day_that_cannot_be_booked_says_why_instead_of_a_form(
    client: FlaskClient, values: dict[str, Any], title: str
) -> None:
    day = open_day(**values)

    answer = client.get(f"/journees/{day.slug}/inscription/")

    assert answer.status_code == 200
    assert title in answer.text
    assert "attendees-0-first_name" not in answer.text


def test_unknown_and_draft_days_have_no_form(client: FlaskClient) -> None:
    draft = open_day(status=StudyDayStatus.DRAFT)

    assert client.get("/journees/nulle-part/inscription/").status_code == 404
    assert client.get(f"/journees/{draft.slug}/inscription/").status_code == 404
    assert send(client, draft).status_code == 404


def test_sending_the_form_twice_makes_one_order(client: FlaskClient) -> None:
    day = open_day()

    places = [send(client, day).location for _ in range(2)]

    assert places[0] == places[1]
    assert (count(Order), day.seats_taken) == (1, 1)


def test_going_back_and_changing_the_form_asks_again_before_a_second_order(client: FlaskClient) -> None:
    day = open_day()
    send(client, day)

    answer = send(client, day, {"attendees-0-first_name": "Sacha"})

    assert answer.status_code == 422
    assert "Cette commande est déjà enregistrée" in answer.text
    assert count(Order) == 1
    token = re.search(r'name="submission" type="hidden" value="([^"]+)"', answer.text)
    assert token is not None
    assert send(client, day, {"attendees-0-first_name": "Sacha", "submission": token[1]}).status_code == 303
    assert count(Order) == 2


def test_a_robot_that_fills_the_hidden_field_writes_nothing(client: FlaskClient) -> None:
    answer = send(client, open_day(), {"website": "http://spam"})

    assert (answer.status_code, count(Order)) == (422, 0)


def test_fields_of_the_order_itself_cannot_be_sent_along(client: FlaskClient) -> None:
    send(client, open_day(), {"total_cents": "1", "status": "confirmed", "paid_cents": "62100", "is_test": "1"})

    order = the_order()
    assert (order.total_cents, order.paid_cents, order.is_test) == (62100, 0, False)


def test_participants_are_added_and_removed_without_javascript(client: FlaskClient) -> None:
    day = open_day()

    two = send(client, day, {"add_attendee": "1"})
    assert two.status_code == 200
    assert 'name="attendees-1-first_name"' in two.text
    assert 'value="Claude"' in two.text

    other = {f"attendees-1-{name}": text for name, text in (("first_name", "Sacha"), ("rate", "elected"))}
    one = send(client, day, other | {"remove_attendee": "0"})
    assert 'value="Sacha"' in one.text
    assert 'value="Claude"' not in one.text
    assert count(Order) == 0


def test_a_twenty_first_participant_is_not_taken(client: FlaskClient) -> None:
    people = {f"attendees-{number}-first_name": f"P{number}" for number in range(20)}

    answer = send(client, open_day(), people | {"add_attendee": "1"})

    assert 'name="attendees-19-first_name"' in answer.text
    assert 'name="attendees-20-first_name"' not in answer.text


def test_the_running_total_follows_the_form_and_writes_nothing(client: FlaskClient) -> None:
    day = open_day()

    answer = client.post(
        f"/journees/{day.slug}/inscription/total/", data={"attendees-0-rate": "elected", "attendees-1-rate": "standard"}
    )

    assert answer.status_code == 200
    assert "1\u00a0011,00\u00a0€" in answer.text
    assert count(Order) == 0


def test_pages_of_the_form_ask_few_queries_whatever_the_number_of_people(client: FlaskClient) -> None:
    day = open_day()
    counts = []
    for people in (1, 20):
        form = {f"attendees-{number}-rate": "standard" for number in range(people)}
        with counting_queries() as counted:
            client.post(f"/journees/{day.slug}/inscription/total/", data=form)
        counts.append(counted())

    assert counts[0] == counts[1]
    assert counts[0] <= 7


@pytest.mark.parametrize("postcode", ["4500", "ABCDE"])
def test_a_postcode_that_is_none_orders_nothing_and_is_said_beside_its_field(
    client: FlaskClient, postcode: str
) -> None:
    answer = send(client, open_day(), postcode=postcode)

    assert answer.status_code == 422
    [(field, told)] = summary_of(answer.text)
    assert (field, told.startswith("En France, cinq chiffres")) == ("postcode", True)
    assert count(Order) == 0

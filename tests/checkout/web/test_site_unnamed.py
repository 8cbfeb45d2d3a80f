"""A visitor buys seats and leaves some of the names for later."""

import re

from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.registrations import queries
from eventsapp.registrations.models import Registration
from eventsapp.study_days.statuses import QuestionKind
from tests.checkout.web.sending import count, open_day, send, the_order
from tests.support.makers.questions import make_question

LATER = {"attendees-1-name_later": "y", "attendees-1-rate": "standard"}


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page)
    return found.group(1) if found else ""


def _chosen(page: str, name: str) -> str:
    choices = page.partition(f'name="{name}"')[2].partition("</select>")[0]
    found = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', choices)
    return found.group(1) if found else ""


def test_a_seat_is_bought_for_somebody_to_be_named_later(client: FlaskClient) -> None:
    day = open_day()

    answer = send(client, day, LATER)

    assert answer.status_code == 303
    rows = queries.of_order(the_order().id)
    assert [(row.last_name, row.is_named) for row in rows] == [("Roux", True), ("", False)]
    page = client.get(answer.location)
    assert "Place à nommer n°\N{NO-BREAK SPACE}2" in page.text


def test_what_was_typed_for_somebody_to_be_named_later_stays_typed_and_counts_for_nothing(client: FlaskClient) -> None:
    day = open_day()
    typed = {**LATER, "attendees-1-last_name": "Petit", "attendees-1-email": "pas-une-adresse"}

    wrong = send(client, day, typed, accept_terms="")
    sent = send(client, day, typed)

    assert wrong.status_code == 422
    assert _value(wrong.text, "attendees-1-last_name") == "Petit"
    assert "Cette adresse" not in wrong.text
    assert sent.status_code == 303
    assert count(Registration) == 2
    assert sorted(row.email for row in db.session.query(Registration)) == ["", "claude.roux@ville-exemple.fr"]


def test_whoever_orders_for_themselves_gives_a_name(client: FlaskClient) -> None:
    day = open_day()

    answer = send(client, day, {"attendees-0-name_later": "y"})

    assert answer.status_code == 422
    assert "C’est cette personne qui commande" in answer.text
    assert count(Registration) == 0


def test_somebody_else_orders_seats_that_have_no_name_at_all(client: FlaskClient) -> None:
    day = open_day()
    buyer = {"first_name": "Dominique", "last_name": "Martin", "email": "d.martin@ville-exemple.fr"}

    answer = send(client, day, {**buyer, "attendees-0-name_later": "y", "buyer_attends": ""})

    assert answer.status_code == 303
    assert [row.is_named for row in queries.of_order(the_order().id)] == [False]


def test_the_rate_and_the_function_of_the_first_are_given_to_the_others_and_nothing_is_lost(
    client: FlaskClient,
) -> None:
    day = open_day()
    make_question(day, "licence", kind=QuestionKind.TEXT)
    people = {
        "attendees-0-job_title": "DGS",
        "attendees-1-first_name": "Camille",
        "attendees-0-answers-licence": "A12",
        "attendees-2-last_name": "Petit",
        "attendees-2-rate": "elected",
        "attendees-2-job_title": "élu",
        "attendees-2-email": "petit@exemple.fr",
        "attendees-3-name_later": "y",
    }

    answer = send(client, day, people, copy_first="1")

    assert answer.status_code == 200
    shown = [
        (_value(answer.text, f"attendees-{n}-job_title"), _value(answer.text, f"attendees-{n}-email")) for n in range(4)
    ]
    assert shown == [("DGS", "claude.roux@ville-exemple.fr"), ("DGS", ""), ("élu", "petit@exemple.fr"), ("", "")]
    assert [_chosen(answer.text, f"attendees-{n}-rate") for n in range(4)] == [
        "standard",
        "standard",
        "elected",
        "standard",
    ]
    assert [_value(answer.text, f"attendees-{n}-answers-licence") for n in range(2)] == ["A12", ""]
    assert _value(answer.text, "attendees-1-first_name") == "Camille"
    assert _value(answer.text, "commitment_number") == "EJ-2026-0417"
    assert count(Registration) == 0


def test_one_more_seat_is_like_the_last_one(client: FlaskClient) -> None:
    day = open_day()

    answer = send(client, day, LATER, add_attendee="1")

    assert re.search(r'checked[^>]*name="attendees-2-name_later"', answer.text)
    assert "attendees-3-" not in answer.text


def test_the_basket_keeps_seats_without_names(client: FlaskClient) -> None:
    day = open_day()

    send(client, day, LATER, basket="1")

    assert "Claude Roux, Place à nommer" in client.get("/panier/").text
    again = client.get(f"/journees/{day.slug}/inscription/").text
    assert re.search(r'checked[^>]*name="attendees-1-name_later"', again)
    assert not re.search(r'checked[^>]*name="attendees-0-name_later"', again)

"""Following orders by program."""

from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from eventsapp.api.statuses import Scope
from tests.api.web.orders import ORDERS, post, secret_of
from tests.support.makers import api
from tests.support.makers.api import attendee, bearer, key, make_token, seats
from tests.support.makers.study_days import make_study_day
from tests.support.queries import QueryCount


def test_the_bearer_of_the_secret_follows_the_order(client: FlaskClient) -> None:
    placed = post(client, api.order(seats(make_study_day(title="Mutualiser"), attendee(), attendee(2))))

    answer = client.get(placed.location, headers=bearer(secret_of(placed)))

    assert answer.status_code == 200
    shown = answer.get_json()
    (line,) = shown.pop("lines")
    tickets = shown.pop("tickets")
    assert line["label"].startswith("Mutualiser, ")
    assert {name: value for name, value in line.items() if name != "label"} == {
        "detail": "Claude Roux1, Claude Roux2",
        "quantity": 2,
        "unit_price_cents": 62100,
        "discount_cents": 0,
        "vat_rate": 20.0,
        "vat_parts": [{"label": "", "vat_rate": 20.0, "exemption_code": "", "amount_cents": 124200}],
        "total_cents": 124200,
    }
    assert datetime.fromisoformat(shown.pop("placed_at")).tzinfo is not None
    assert shown == {
        "reference": placed.get_json()["reference"],
        "status": "confirmed",
        "payment_status": "due",
        "payment_method": "mandat",
        "expires_at": None,
        "due_on": "2026-12-23",
        "total_cents": 124200,
        "vat_cents": 20700,
        "paid_cents": 0,
        "refunded_cents": 0,
        "credited_cents": 0,
        "balance_cents": 124200,
        "payments": [],
        "refunds": [],
        "invoices": [],
        "terms_version": 0,
    }
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert [(ticket["name"], len(ticket["code"])) for ticket in tickets] == [("Claude Roux1", 22), ("Claude Roux2", 22)]
    assert client.get(tickets[0]["pdf_url"]).content_type == "application/pdf"
    assert "Claude Roux1" in client.get(tickets[0]["page_url"]).text


def test_seats_without_a_name_have_no_ticket_yet(client: FlaskClient) -> None:
    placed = post(client, api.order(seats(make_study_day(), attendee(), {"rate": "standard"})))

    shown = client.get(placed.location, headers=bearer(secret_of(placed))).get_json()

    assert [ticket["name"] for ticket in shown["tickets"]] == ["Claude Roux1"]
    assert shown["lines"][0]["detail"] == "Claude Roux1, 1 place à nommer"


@pytest.mark.parametrize("scope", [Scope.ORGANISER, Scope.ACCOUNTANT])
def test_the_team_is_not_led_to_a_participants_own_page(client: FlaskClient, scope: Scope) -> None:
    placed = post(client, api.order(seats(make_study_day())))

    (ticket,) = client.get(placed.location, headers=bearer(make_token(scope))).get_json()["tickets"]

    assert (ticket["page_url"], ticket["pdf_url"]) == (None, None)


@pytest.mark.parametrize("scope", [Scope.ORGANISER, Scope.ACCOUNTANT])
def test_the_team_follows_an_order_but_never_gets_itssecret_of(client: FlaskClient, scope: Scope) -> None:
    placed = post(client, api.order(seats(make_study_day())))
    secret = secret_of(placed)

    answer = client.get(placed.location, headers=bearer(make_token(scope)))

    assert answer.status_code == 200
    assert secret not in answer.text


def test_an_order_is_nobody_elses_business(client: FlaskClient) -> None:
    placed = post(client, api.order(seats(make_study_day())))
    other = post(client, api.order(seats(make_study_day())), headers=key("another"))
    unknown = f"{ORDERS}/2026-0000-0000"

    answers = {
        "no secret": client.get(placed.location),
        "another order's": client.get(placed.location, headers=bearer(secret_of(other))),
        "nearly": client.get(placed.location, headers=bearer(secret_of(placed)[:-1])),
        "basic": client.get(placed.location, headers={"Authorization": f"Basic {secret_of(placed)}"}),
        "no such order": client.get(unknown, headers=bearer(secret_of(placed))),
        "long": client.get(placed.location, headers=bearer("a" * 5000)),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 401)
    assert {answer.content_type for answer in answers.values()} == {"application/problem+json"}
    assert all(answer.headers["WWW-Authenticate"].startswith("Bearer") for answer in answers.values())
    assert answers["another order's"].get_json() == answers["no such order"].get_json()
    for scope in (Scope.EDITOR, Scope.DOOR):
        assert client.get(placed.location, headers=bearer(make_token(scope))).status_code == 403
    assert client.get(unknown, headers=bearer(make_token(Scope.ORGANISER))).status_code == 404


def test_following_an_order_asks_few_queries(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount]
) -> None:
    day = make_study_day()
    placed = post(client, api.order(seats(day, *(attendee(number) for number in range(20)))))
    headers = bearer(secret_of(placed))

    with count_queries as count:
        assert client.get(placed.location, headers=headers).status_code == 200

    assert count() <= 7

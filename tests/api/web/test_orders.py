"""Placing orders by program, and following them."""

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsapp.api.statuses import Scope
from eventsapp.checkout import tasks as checkout_tasks
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import Edition
from tests.support.makers import api
from tests.support.makers.api import attendee, bearer, changed, key, make_token, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import QueryCount

ORDERS = "/api/v1/orders"


def _post(client: FlaskClient, body: Any, headers: dict[str, str] | None = None) -> TestResponse:
    return client.post(ORDERS, json=body, headers=key() if headers is None else headers)


def _count(*tables: type[Any]) -> list[int]:
    return [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]


def _secret(answer: TestResponse) -> str:
    return str(answer.get_json()["order_url"].rstrip("/").rsplit("/", 1)[1])


def test_seats_and_a_subscription_make_one_order_each_line_with_its_tax(client: FlaskClient) -> None:
    day, plan = make_study_day(), make_plan(edition=Edition.BOTH)
    body = api.order(seats(day, attendee(1, rate="subscriber"), attendee(2)), subscription(plan))

    answer = _post(client, body)

    assert answer.status_code == 201, answer.text
    placed = answer.get_json()
    assert re.fullmatch(r"2026-[0-9A-Z]{4}-[0-9A-Z]{4}", placed["reference"])
    assert {name: value for name, value in placed.items() if name not in {"reference", "order_url"}} == {
        "status": "confirmed",
        "payment_status": "due",
        "total_cents": 54000 + 62100 + 12900,
        "vat_cents": 19350 + 265,
        "checkout_url": None,
        "expires_at": None,
    }
    assert placed["order_url"].startswith(f"http://localhost/commandes/{placed['reference']}/")
    assert answer.location == f"{ORDERS}/{placed['reference']}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get(placed["order_url"]).status_code == 200
    assert _count(Order, Registration, Contract) == [1, 2, 1]


def test_the_order_holds_what_was_sent(client: FlaskClient) -> None:
    day = make_study_day()
    _post(client, api.order(seats(day, attendee(email=" Claude.Roux@Ville-Exemple.FR ", last_name=" Roux  Dit   X"))))

    order = db.session.scalars(sa.select(Order)).one()
    person = db.session.scalars(sa.select(Registration)).one()
    assert (order.email, order.buyer_name, order.billing_name, order.siret, order.service_code) == (
        "finances@ville-exemple.fr",
        "Dominique Martin",
        "Ville d’Exemple",
        "21750001600019",
        "FINANCES",
    )
    assert (order.commitment_number, order.payment_method, order.locale) == ("EJ-2026-0417", "mandat", "fr")
    assert order.idempotency_key == f"api-{key()['Idempotency-Key']}"
    assert (person.name, person.email, person.job_title) == (
        "Claude Roux Dit X",
        "claude.roux@ville-exemple.fr",
        "directrice des finances",
    )


def test_who_pays_alone_names_no_organisation(client: FlaskClient) -> None:
    customer = {"email": "a@exemple.fr", "first_name": "Ana", "last_name": "Brun", "organisation": None}

    answer = _post(client, api.order(seats(make_study_day()), customer=customer, payment_method="cheque"))

    assert answer.status_code == 201, answer.text


def test_the_language_of_the_address_is_that_of_the_mails(client: FlaskClient) -> None:
    body = api.order(seats(make_study_day()))

    answer = client.post(f"/en{ORDERS}", json=body, headers=key())

    assert answer.get_json()["order_url"].startswith("http://localhost/en/commandes/")
    assert db.session.scalars(sa.select(Order.locale)).one() == "en"


def test_what_is_free_is_confirmed_and_owes_nothing(client: FlaskClient) -> None:
    day = make_study_day(rates={"free": 0})

    answer = _post(client, api.order(seats(day, attendee(rate="free")), payment_method="card"))

    assert (answer.get_json()["status"], answer.get_json()["payment_status"]) == ("confirmed", "none")
    assert (answer.get_json()["total_cents"], answer.get_json()["checkout_url"]) == (0, None)


def test_the_same_key_and_body_give_the_same_order(client: FlaskClient) -> None:
    body = api.order(seats(make_study_day()))
    first = _post(client, body)
    mails = _count(OutgoingMail)

    second = _post(client, dict(reversed(body.items())))

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.get_json() == first.get_json()
    assert "Location" not in second.headers
    assert _count(Order, Registration) == [1, 1]
    assert _count(OutgoingMail) == mails


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/customer/email", "autre@ville-exemple.fr"),
        ("/customer/organisation/commitment_number", "EJ-2"),
        ("/items/0/attendees/0/rate", "elected"),
        ("/items/0/attendees/0/job_title", ""),
        ("/payment_method", "transfer"),
    ],
)
def test_the_same_key_with_another_body_is_refused(client: FlaskClient, pointer: str, value: str) -> None:
    body = api.order(seats(make_study_day()))
    _post(client, body)

    answer = _post(client, changed(body, pointer, value))

    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert "reference" not in answer.text
    assert _count(Order) == [1]


def test_a_refusal_does_not_use_the_key_up(client: FlaskClient) -> None:
    day = make_study_day()
    body = api.order(seats(day))
    refused = _post(client, changed(body, "/accept_terms", False))

    answer = _post(client, body)

    assert (refused.status_code, answer.status_code) == (422, 201)


@pytest.mark.parametrize(
    "headers",
    [{}, key(""), key(" "), key("a b"), key("a" * 101), key("clé"), key("a\tb")],
    ids=["missing", "empty", "space", "spaces", "long", "accent", "tab"],
)
def test_without_a_good_key_nothing_is_ordered_and_the_header_is_named(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = _post(client, api.order(seats(make_study_day())), headers=headers)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["/headers/Idempotency-Key"])
    assert _count(Order) == [0]


def test_a_full_day_is_refused_and_nothing_is_written(client: FlaskClient) -> None:
    day = make_study_day(capacity=1)

    answer = _post(client, api.order(seats(day, attendee(1), attendee(2))))

    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.get_json() == {
        "type": "/problems/sold-out",
        "title": "Journée complète",
        "status": 409,
        "detail": "Il ne reste pas assez de places pour cette journée.",
    }
    assert _count(Order, Registration, OutgoingMail) == [0, 0, 0]
    assert db.session.get_one(StudyDay, day.id).seats_taken == 0


def test_a_closed_day_is_refused(client: FlaskClient) -> None:
    day = make_study_day(registration_closes_at=NOW - timedelta(minutes=1))

    answer = _post(client, api.order(seats(day)))

    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/registration-closed")
    assert answer.get_json()["detail"] == "Les inscriptions à cette journée sont closes."


def test_all_or_nothing_when_the_second_day_is_full(client: FlaskClient) -> None:
    open_day, full = make_study_day(), make_study_day(capacity=0)

    answer = _post(client, api.order(seats(open_day), seats(full)))

    assert answer.status_code == 409
    assert db.session.get_one(StudyDay, open_day.id).seats_taken == 0


@pytest.mark.parametrize(
    ("pointer", "value", "expected"),
    [
        ("/items/0/study_day", "nulle-part", "/items/0/study_day"),
        ("/items/0/attendees/0/rate", "gratuit", "/items/0/attendees/0/rate"),
        ("/items/0/attendees/0/rate", "subscriber", "/items/0/attendees/0/rate"),
        ("/payment_method", "bitcoin", "/payment_method"),
        ("/customer/organisation/siret", "21750001600018", "/customer/organisation/siret"),
        ("/customer/organisation/siret", None, "/customer/organisation/siret"),
        ("/customer/organisation", None, "/customer/organisation/name"),
        ("/items/1/plan", "nulle-part", "/items/1/plan"),
        ("/items/1/delivery", None, "/items/1/delivery/name"),
        ("/items/1/delivery/city", "", "/items/1/delivery/city"),
    ],
)
def test_what_only_the_database_knows_is_told_by_its_pointer(
    client: FlaskClient, pointer: str, value: Any, expected: str
) -> None:
    day = make_study_day()
    plan = make_plan(edition=Edition.PRINT)
    body = changed(api.order(seats(day), subscription(plan)), pointer, value)
    if value == "subscriber":
        del body["items"][1]

    answer = _post(client, body)

    assert (answer.status_code, answer.get_json()["status"]) == (422, 422), answer.text
    assert expected in answer.get_json()["errors"]
    assert _count(Order) == [0]


def test_a_day_stands_once_in_an_order(client: FlaskClient) -> None:
    day = make_study_day()

    answer = _post(client, api.order(seats(day, attendee(1)), seats(day, attendee(2))))

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["/items"])


def test_a_draft_cannot_be_registered_for(client: FlaskClient) -> None:
    day = make_study_day(status="draft")

    answer = _post(client, api.order(seats(day)))

    assert list(answer.get_json()["errors"]) == ["/items/0/study_day"]


def test_a_card_order_leads_to_the_page_at_stripe(client: FlaskClient, sandbox: RunningSandbox) -> None:
    body = api.order(seats(make_study_day()), payment_method="card")

    first = _post(client, body)
    again = _post(client, body)

    assert (first.status_code, first.get_json()["status"], first.get_json()["payment_status"]) == (
        201,
        "pending",
        "due",
    )
    assert first.get_json()["checkout_url"].startswith(f"{sandbox.url}/c/pay/")
    assert datetime.fromisoformat(first.get_json()["expires_at"]) - NOW < timedelta(minutes=31)
    assert first.location == f"{ORDERS}/{first.get_json()['reference']}"
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert len(sandbox.objects("checkout.session")) == 1
    assert sandbox.objects("checkout.session")[0]["amount_total"] == 62100


def test_without_stripe_the_order_stands_and_its_page_has_the_button(client: FlaskClient) -> None:
    answer = _post(client, api.order(seats(make_study_day()), payment_method="card"))

    assert (answer.status_code, answer.get_json()["status"], answer.get_json()["checkout_url"]) == (
        201,
        "pending",
        None,
    )
    assert "/payer/" in client.get(answer.get_json()["order_url"]).text


def test_when_stripe_answers_again_so_does_the_same_request(
    client: FlaskClient, app: Flask, sandbox: RunningSandbox
) -> None:
    body = api.order(seats(make_study_day()), payment_method="card")
    sandbox.turn(fail_next=10)
    silent = _post(client, body)
    sandbox.turn(fail_next=0)

    answer = _post(client, body)

    assert (silent.get_json()["checkout_url"], answer.status_code) == (None, 200)
    assert answer.get_json()["checkout_url"].startswith(f"{sandbox.url}/c/pay/")


def test_an_expired_order_is_told_as_it_is_now(client: FlaskClient, sandbox: RunningSandbox) -> None:
    body = api.order(seats(make_study_day()), payment_method="card")
    _post(client, body)
    with time_machine.travel(NOW + timedelta(minutes=32), tick=False):
        held_too_long = _post(client, body)
        db.session.commit()
        checkout_tasks.expire()
        expired = _post(client, body)

    assert (held_too_long.get_json()["status"], held_too_long.get_json()["checkout_url"]) == ("pending", None)
    assert (expired.status_code, expired.get_json()["status"], expired.get_json()["checkout_url"]) == (
        200,
        "expired",
        None,
    )


def test_the_bearer_of_the_secret_follows_the_order(client: FlaskClient) -> None:
    placed = _post(client, api.order(seats(make_study_day(title="Mutualiser"), attendee(), attendee(2))))

    answer = client.get(placed.location, headers=bearer(_secret(placed)))

    assert answer.status_code == 200
    shown = answer.get_json()
    (line,) = shown.pop("lines")
    assert line["label"].startswith("Mutualiser, ")
    assert {name: value for name, value in line.items() if name != "label"} == {
        "detail": "Claude Roux1, Claude Roux2",
        "quantity": 2,
        "unit_price_cents": 62100,
        "vat_rate": 20.0,
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
        "balance_cents": 124200,
        "payments": [],
        "refunds": [],
        "invoices": [],
        "tickets": [],
    }
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_payment_shows_with_its_order(client: FlaskClient, sandbox: RunningSandbox) -> None:
    placed = _post(client, api.order(seats(make_study_day()), payment_method="card"))
    sandbox.pay(sandbox.objects("checkout.session")[0]["id"])
    event, headers = sandbox.letter(sandbox.events("checkout.session.completed")[0])
    client.post("/paiement/stripe/webhook", data=event, headers=headers)

    shown = client.get(placed.location, headers=bearer(_secret(placed))).get_json()

    assert (shown["status"], shown["payment_status"], shown["balance_cents"]) == ("confirmed", "paid", 0)
    (payment,) = shown["payments"]
    assert (payment["method"], payment["amount_cents"]) == ("card", 62100)
    assert set(payment) == {"method", "amount_cents", "received_on"}


@pytest.mark.parametrize("scope", [Scope.ORGANISER, Scope.ACCOUNTANT])
def test_the_team_follows_an_order_but_never_gets_its_secret(client: FlaskClient, scope: Scope) -> None:
    placed = _post(client, api.order(seats(make_study_day())))
    secret = _secret(placed)

    answer = client.get(placed.location, headers=bearer(make_token(scope)))

    assert answer.status_code == 200
    assert secret not in answer.text


def test_an_order_is_nobody_elses_business(client: FlaskClient) -> None:
    placed = _post(client, api.order(seats(make_study_day())))
    other = _post(client, api.order(seats(make_study_day())), headers=key("another"))
    unknown = f"{ORDERS}/2026-0000-0000"

    answers = {
        "no secret": client.get(placed.location),
        "another order's": client.get(placed.location, headers=bearer(_secret(other))),
        "nearly": client.get(placed.location, headers=bearer(_secret(placed)[:-1])),
        "basic": client.get(placed.location, headers={"Authorization": f"Basic {_secret(placed)}"}),
        "no such order": client.get(unknown, headers=bearer(_secret(placed))),
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
    placed = _post(client, api.order(seats(day, *(attendee(number) for number in range(20)))))
    headers = bearer(_secret(placed))

    with count_queries as count:
        assert client.get(placed.location, headers=headers).status_code == 200

    assert count() <= 5


def test_too_many_orders_are_told_when_to_come_back(client: FlaskClient) -> None:
    answers = [_post(client, {}, headers={}) for _each in range(31)]

    last = answers[-1]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert "Retry-After" not in answers[0].headers
    assert (last.status_code, last.content_type, last.get_json()["type"]) == (
        429,
        "application/problem+json",
        "/problems/too-many",
    )
    assert 0 < int(last.headers["Retry-After"]) <= 60


def test_a_form_of_the_site_and_a_program_never_share_a_key(client: FlaskClient) -> None:
    day = make_study_day()
    _post(client, api.order(seats(day)), headers=key("form-abcdefghijklmnopqrstuvwx"))

    assert db.session.scalars(sa.select(Order.idempotency_key)).one() == "api-form-abcdefghijklmnopqrstuvwx"


def test_the_clock_decides_at_the_closing_minute(client: FlaskClient) -> None:
    closes_at = datetime(2027, 1, 5, 17, tzinfo=UTC)
    body = api.order(seats(make_study_day(registration_closes_at=closes_at)))

    with time_machine.travel(closes_at, tick=False):
        late = _post(client, body)
    with time_machine.travel(closes_at - timedelta(microseconds=1), tick=False):
        just_in_time = _post(client, body)

    assert (late.status_code, just_in_time.status_code) == (409, 201)

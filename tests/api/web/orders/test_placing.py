"""Placing orders by program."""

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import Edition
from tests.api.web.orders import ORDERS, post
from tests.support.makers import api
from tests.support.makers.api import attendee, changed, key, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import QueryCount


def count(*tables: type[Any]) -> list[int]:
    return [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]


def test_seats_and_a_subscription_make_one_order_each_line_with_its_tax(client: FlaskClient) -> None:
    day, plan = make_study_day(), make_plan(edition=Edition.BOTH)
    body = api.order(seats(day, attendee(1, rate="subscriber"), attendee(2)), subscription(plan))

    answer = post(client, body)

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
        "files_to_give": [],
    }
    assert placed["order_url"].startswith(f"http://localhost/commandes/{placed['reference']}/")
    assert answer.location == f"{ORDERS}/{placed['reference']}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get(placed["order_url"]).status_code == 200
    assert count(Order, Registration, Contract) == [1, 2, 1]


def test_an_order_of_one_seat_asks_few_queries(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount]
) -> None:
    day = make_study_day()
    first, second = api.order(seats(day, attendee(1))), api.order(seats(day, attendee(2)))
    # The body, the terms and the series of numbers are new with the first order alone.
    assert post(client, first).status_code == 201

    with count_queries as queries:
        answer = post(client, second, headers=key("another"))

    assert answer.status_code == 201, answer.text
    # SQLite writes the two mails one by one.
    assert queries() <= 29


def test_the_order_holds_what_was_sent(client: FlaskClient) -> None:
    day = make_study_day()
    post(client, api.order(seats(day, attendee(email=" Claude.Roux@Ville-Exemple.FR ", last_name=" Roux  Dit   X"))))

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

    answer = post(client, api.order(seats(make_study_day()), customer=customer, payment_method="cheque"))

    assert answer.status_code == 201, answer.text


def test_the_language_of_the_address_is_that_of_the_mails(client: FlaskClient) -> None:
    body = api.order(seats(make_study_day()))

    answer = client.post(f"/en{ORDERS}", json=body, headers=key())

    assert answer.get_json()["order_url"].startswith("http://localhost/en/commandes/")
    assert db.session.scalars(sa.select(Order.locale)).one() == "en"


def test_what_is_free_is_confirmed_and_owes_nothing(client: FlaskClient) -> None:
    day = make_study_day(rates={"free": 0})

    answer = post(client, api.order(seats(day, attendee(rate="free")), payment_method="card"))

    assert (answer.get_json()["status"], answer.get_json()["payment_status"]) == ("confirmed", "none")
    assert (answer.get_json()["total_cents"], answer.get_json()["checkout_url"]) == (0, None)


def test_the_same_key_and_body_give_the_same_order(client: FlaskClient) -> None:
    body = api.order(seats(make_study_day()))
    first = post(client, body)
    mails = count(OutgoingMail)

    second = post(client, dict(reversed(body.items())))

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.get_json() == first.get_json()
    assert "Location" not in second.headers
    assert count(Order, Registration) == [1, 1]
    assert count(OutgoingMail) == mails


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
    post(client, body)

    answer = post(client, changed(body, pointer, value))

    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert "reference" not in answer.text
    assert count(Order) == [1]


def test_a_refusal_does_not_use_the_key_up(client: FlaskClient) -> None:
    day = make_study_day()
    body = api.order(seats(day))
    refused = post(client, changed(body, "/accept_terms", False))

    answer = post(client, body)

    assert (refused.status_code, answer.status_code) == (422, 201)


@pytest.mark.parametrize(
    "headers",
    [{}, key(""), key(" "), key("a b"), key("a" * 101), key("clé"), key("a\tb")],
    ids=["missing", "empty", "space", "spaces", "long", "accent", "tab"],
)
def test_without_a_good_key_nothing_is_ordered_and_the_header_is_named(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = post(client, api.order(seats(make_study_day())), headers=headers)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["/headers/Idempotency-Key"])
    assert count(Order) == [0]


def test_a_full_day_is_refused_and_nothing_is_written(client: FlaskClient) -> None:
    day = make_study_day(capacity=1)

    answer = post(client, api.order(seats(day, attendee(1), attendee(2))))

    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.get_json() == {
        "type": "/problems/sold-out",
        "title": "Journée complète",
        "status": 409,
        "detail": "Il ne reste pas assez de places pour cette journée.",
    }
    assert count(Order, Registration, OutgoingMail) == [0, 0, 0]
    assert db.session.get_one(StudyDay, day.id).seats_taken == 0


def test_a_closed_day_is_refused(client: FlaskClient) -> None:
    day = make_study_day(registration_closes_at=NOW - timedelta(minutes=1))

    answer = post(client, api.order(seats(day)))

    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/registration-closed")
    assert answer.get_json()["detail"] == "Les inscriptions à cette journée sont closes."


def test_all_or_nothing_when_the_second_day_is_full(client: FlaskClient) -> None:
    open_day, full = make_study_day(), make_study_day(capacity=0)

    answer = post(client, api.order(seats(open_day), seats(full)))

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
        ("/items/1/delivery/postcode", "ABCDE", "/items/1/delivery/postcode"),
        ("/customer/organisation/postcode", "4500", "/customer/organisation/postcode"),
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

    answer = post(client, body)

    assert (answer.status_code, answer.get_json()["status"]) == (422, 422), answer.text
    assert expected in answer.get_json()["errors"]
    assert count(Order) == [0]


def test_a_day_stands_once_in_an_order(client: FlaskClient) -> None:
    day = make_study_day()

    answer = post(client, api.order(seats(day, attendee(1)), seats(day, attendee(2))))

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["/items"])


def test_a_draft_cannot_be_registered_for(client: FlaskClient) -> None:
    day = make_study_day(status="draft")

    answer = post(client, api.order(seats(day)))

    assert list(answer.get_json()["errors"]) == ["/items/0/study_day"]


def test_too_many_orders_are_told_when_to_come_back(client: FlaskClient) -> None:
    answers = [post(client, {}, headers={}) for _each in range(31)]

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
    post(client, api.order(seats(day)), headers=key("form-abcdefghijklmnopqrstuvwx"))

    assert db.session.scalars(sa.select(Order.idempotency_key)).one() == "api-form-abcdefghijklmnopqrstuvwx"


def test_the_clock_decides_at_the_closing_minute(client: FlaskClient) -> None:
    closes_at = datetime(2027, 1, 5, 17, tzinfo=UTC)
    body = api.order(seats(make_study_day(registration_closes_at=closes_at)))

    with time_machine.travel(closes_at, tick=False):
        late = post(client, body)
    with time_machine.travel(closes_at - timedelta(microseconds=1), tick=False):
        just_in_time = post(client, body)

    assert (late.status_code, just_in_time.status_code) == (409, 201)


def test_a_seat_is_bought_with_only_its_rate_and_named_later(client: FlaskClient) -> None:
    day = make_study_day()

    answer = client.post(ORDERS, json=api.order(seats(day, attendee(1), {"rate": "standard"})), headers=key())

    assert answer.status_code == 201
    found = db.session.scalars(sa.select(Registration).order_by(Registration.position)).all()
    assert [(row.last_name, row.is_named) for row in found] == [("Roux1", True), ("", False)]


def test_a_person_is_given_whole_or_not_at_all(client: FlaskClient) -> None:
    day = make_study_day()

    answer = client.post(ORDERS, json=api.order(seats(day, {"last_name": "Roux", "rate": "standard"})), headers=key())

    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {"/items/0/attendees/0/first_name", "/items/0/attendees/0/email"}

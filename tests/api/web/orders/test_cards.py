"""Orders by program that are paid by card."""

from datetime import datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.checkout import tasks as checkout_tasks
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from tests.api.web.orders import ORDERS, post, secret_of
from tests.support.makers import api
from tests.support.makers.api import bearer, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.messages import tell


def test_a_card_order_leads_to_the_page_at_stripe(client: FlaskClient, sandbox: RunningSandbox) -> None:
    body = api.order(seats(make_study_day()), payment_method="card")

    first = post(client, body)
    again = post(client, body)

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
    answer = post(client, api.order(seats(make_study_day()), payment_method="card"))

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
    silent = post(client, body)
    sandbox.turn(fail_next=0)

    answer = post(client, body)

    assert (silent.get_json()["checkout_url"], answer.status_code) == (None, 200)
    assert answer.get_json()["checkout_url"].startswith(f"{sandbox.url}/c/pay/")


def test_an_expired_order_is_told_as_it_is_now(client: FlaskClient, sandbox: RunningSandbox) -> None:
    body = api.order(seats(make_study_day()), payment_method="card")
    post(client, body)
    with time_machine.travel(NOW + timedelta(minutes=32), tick=False):
        held_too_long = post(client, body)
        db.session.commit()
        checkout_tasks.expire()
        expired = post(client, body)

    assert (held_too_long.get_json()["status"], held_too_long.get_json()["checkout_url"]) == ("pending", None)
    assert (expired.status_code, expired.get_json()["status"], expired.get_json()["checkout_url"]) == (
        200,
        "expired",
        None,
    )


def test_a_payment_shows_with_its_order(client: FlaskClient, sandbox: RunningSandbox) -> None:
    placed = post(client, api.order(seats(make_study_day()), payment_method="card"))
    sandbox.pay(sandbox.objects("checkout.session")[0]["id"])
    tell(client, sandbox, sandbox.events("checkout.session.completed")[0])

    shown = client.get(placed.location, headers=bearer(secret_of(placed))).get_json()

    assert (shown["status"], shown["payment_status"], shown["balance_cents"]) == ("confirmed", "paid", 0)
    (payment,) = shown["payments"]
    assert (payment["method"], payment["amount_cents"]) == ("card", 62100)
    assert set(payment) == {"method", "amount_cents", "received_on"}

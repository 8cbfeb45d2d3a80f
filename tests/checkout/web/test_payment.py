"""Paying by card from the form and from the order’s page."""

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.study_days.models import StudyDay
from tests.checkout.web.sending import open_day, send, the_order


def by_card(client: FlaskClient, day: StudyDay) -> TestResponse:
    return send(client, day, {"payment_method": "card", "siret": "", "organisation": ""})


def test_a_card_order_leads_straight_to_the_payment_page(client: FlaskClient, sandbox: RunningSandbox) -> None:
    answer = by_card(client, open_day())

    assert answer.status_code == 303
    assert answer.location.startswith(sandbox.url)
    assert the_order().status is OrderStatus.PENDING


def test_a_silent_stripe_loses_nothing_and_the_order_page_offers_to_try_again(
    client: FlaskClient, sandbox: RunningSandbox
) -> None:
    sandbox.turn(reset_next=5)

    answer = by_card(client, open_day())

    order = the_order()
    assert answer.location == f"/commandes/{order.reference}/{order.secret}/"
    assert "ne payez pas une seconde fois" in client.get(answer.location).text
    sandbox.turn(reset_next=0)
    first, second = (client.post(f"{answer.location}payer/").location for _ in range(2))
    assert first.startswith(sandbox.url)
    assert first == second
    assert len(sandbox.objects("checkout.session")) == 1


def test_a_buyer_who_comes_back_before_the_message_may_have_it_checked(
    client: FlaskClient, sandbox: RunningSandbox
) -> None:
    payment_page = by_card(client, open_day()).location
    order = the_order()
    address = f"/commandes/{order.reference}/{order.secret}/"
    landing = buyer.pay(payment_page, card=buyer.ACCEPTED)
    assert landing.location == f"http://localhost{address}?retour=carte"
    assert "Nous attendons la confirmation" in client.get(f"{address}?retour=carte").text

    assert client.post(f"{address}verifier/").status_code == 303

    assert (the_order().status, the_order().payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)
    assert "Tout est réglé" in client.get(address).text


def test_a_paid_order_cannot_be_paid_again(client: FlaskClient, sandbox: RunningSandbox) -> None:
    payment_page = by_card(client, open_day()).location
    buyer.pay(payment_page, card=buyer.ACCEPTED)
    order = the_order()
    address = f"/commandes/{order.reference}/{order.secret}/"
    client.post(f"{address}verifier/")

    assert client.post(f"{address}payer/").location == address
    assert "ne se règle pas, ou plus, par carte" in client.get(address).text


def test_whoever_comes_back_from_the_payment_page_is_shown_the_order_that_waits(
    client: FlaskClient, sandbox: RunningSandbox
) -> None:
    day = open_day()
    payment_page = by_card(client, day).location
    order = the_order()
    resume = f'action="/commandes/{order.reference}/{order.secret}/payer/"'
    pages = ("/panier/", f"/journees/{day.slug}/inscription/")

    for address in pages:
        shown = client.get(address)
        assert f"Votre commande {order.reference} attend son paiement" in shown.text
        assert resume in shown.text
    # The form that Back shows again has the key of that order: sent once more it makes no other one.
    assert by_card(client, day).location == payment_page
    assert client.post(f"/commandes/{order.reference}/{order.secret}/payer/").location == payment_page

    buyer.pay(payment_page, card=buyer.ACCEPTED)
    client.post(f"/commandes/{order.reference}/{order.secret}/verifier/")
    assert all(resume not in client.get(address).text for address in pages)


def test_an_order_that_ran_out_of_time_or_that_of_another_browser_is_not_shown(
    app: Flask, client: FlaskClient, sandbox: RunningSandbox
) -> None:
    by_card(client, open_day())

    assert "attend son paiement" not in app.test_client().get("/panier/").text
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31)):
        assert "attend son paiement" not in client.get("/panier/").text

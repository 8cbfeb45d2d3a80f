"""The registration form and the office's payment methods: what is offered, when, and what each asks for."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries
from tests.checkout.web.sending import count, open_day, send, the_order
from tests.support.makers.payments import a_held_method, a_method, make_method


def offered(text: str) -> list[str]:
    """The codes of the methods that a form offers, in its order."""
    return re.findall(r'name="payment_method"[^>]* value="([^"]+)"', text)


def test_what_the_office_wrote_is_offered_in_its_place_and_asks_for_its_fields(client: FlaskClient) -> None:
    make_method(a_method(optional_fields=("service_code",), required_fields=("commitment_number",)), place=1)

    text = client.get(f"/journees/{open_day().slug}/inscription/").text

    assert offered(text) == ["virement-a-45-jours", "card", "mandat", "cheque", "transfer"]
    own = text.split('value="virement-a-45-jours"')[1].split('class="choice"')[0]
    assert own.count("s’il existe") == 1
    assert own.index("Code service") < own.index("s’il existe") < own.index("Numéro d’engagement")


def test_a_field_that_a_method_requires_is_asked_for_beside_it(client: FlaskClient) -> None:
    method, day = make_method(a_method(required_fields=("service_code",))), open_day()

    refused = send(client, day, payment_method=method.code)

    assert (refused.status_code, count(Order)) == (422, 0)
    assert "Indiquez le code service." in refused.text
    assert send(client, day, payment_method=method.code, service_code="FIN").status_code == 303
    assert the_order().service_code == "FIN"


def test_close_to_a_day_only_what_is_still_possible_is_offered(client: FlaskClient) -> None:
    soon = open_day(starts_at=datetime.now(UTC) + timedelta(days=4))

    assert offered(client.get(f"/journees/{soon.slug}/inscription/").text) == ["card", "mandat", "transfer"]

    late = send(client, soon, payment_method="cheque")
    assert (late.status_code, count(Order)) == (422, 0)
    assert "plus possible si près de la journée" in late.text


def test_when_nothing_is_possible_any_more_the_form_says_so(client: FlaskClient) -> None:
    for method in queries.all_methods():
        method.closes_days_before = 9
    db.session.commit()
    soon = open_day(starts_at=datetime.now(UTC) + timedelta(days=4))

    text = client.get(f"/journees/{soon.slug}/inscription/").text

    assert offered(text) == []
    assert "aucun mode de règlement n’est plus possible en ligne" in text


def test_a_free_day_takes_people_to_its_last_hour(client: FlaskClient) -> None:
    soon = open_day(starts_at=datetime.now(UTC) + timedelta(days=1), rates={"standard": 0})

    assert len(offered(client.get(f"/journees/{soon.slug}/inscription/").text)) == 4
    assert send(client, soon, payment_method="cheque").status_code == 303


def test_the_checkout_thinks_of_the_day_in_the_basket(client: FlaskClient) -> None:
    soon = open_day(starts_at=datetime.now(UTC) + timedelta(days=4))
    assert send(client, soon, basket="1").status_code == 303

    assert offered(client.get("/commande/").text) == ["card", "mandat", "transfer"]


def test_an_order_that_waits_for_a_transfer_leads_to_its_own_page(client: FlaskClient) -> None:
    method = make_method(a_held_method())

    answer = send(client, open_day(), payment_method=method.code)

    order = the_order()
    assert order.status is OrderStatus.PENDING
    assert (answer.status_code, answer.location) == (303, f"/commandes/{order.reference}/{order.secret}/")


def test_nobody_is_led_to_a_card_page_that_there_is_not(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["eventsapp.settings"]
    monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, stripe_secret_key=""))
    day = open_day()

    assert offered(client.get(f"/journees/{day.slug}/inscription/").text) == ["mandat", "cheque", "transfer"]
    assert send(client, day, payment_method="card").status_code == 422
    assert "Carte bancaire" not in client.get("/abonnements/").text


def test_when_the_invoice_comes_is_the_buyers_choice_where_the_method_leaves_it(client: FlaskClient) -> None:
    day = open_day()
    method = make_method(
        a_method(purchase_order_days=10, required_fields=("organisation", "siret"), invoice_choice=True)
    )
    form = client.get(f"/journees/{day.slug}/inscription/").text

    answer = send(client, day, payment_method=method.code, siret="21750001600019", invoice_at="delivery")

    assert form.count('name="invoice_at"') == 1
    assert "Après la journée" in form
    assert answer.status_code == 303
    assert (the_order().awaits_invoice, the_order().payment_terms["invoice_at"]) == (True, "delivery")
    assert "émise après la journée" in client.get(answer.location).text

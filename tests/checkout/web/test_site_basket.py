"""Filling a basket, and ordering what is in it."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.checkout.models import Basket
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.subscriptions.models import Contract
from tests.checkout.web.sending import MANDAT, SAME_SITE, count, open_day, send, the_order
from tests.support.makers.subscriptions import make_plan


def test_an_empty_basket_offers_a_way_on(client: FlaskClient) -> None:
    answer = client.get("/panier/")

    assert answer.status_code == 200
    assert "Votre panier est vide" in answer.text
    assert client.get("/commande/").location == "/panier/"


def test_seat_and_subscription_meet_in_the_basket_and_become_one_order(client: FlaskClient) -> None:
    day, plan = open_day(), make_plan()
    added = client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    assert (added.status_code, added.location) == (303, "/panier/")
    assert "129,00\u00a0€" in client.get("/panier/").text

    answer = send(client, day, {"attendees-0-rate": "subscriber"})

    assert answer.status_code == 303
    order = the_order()
    assert order.total_cents == 54000 + 12900
    assert (count(Contract), count(Registration), count(Basket)) == (1, 1, 0)


def test_seats_wait_in_the_basket_without_being_held(client: FlaskClient) -> None:
    day = open_day()

    answer = send(client, day, {"basket": "1", "accept_terms": "", "payment_method": "", "siret": ""})

    assert (answer.status_code, answer.location) == (303, "/panier/")
    assert "Claude Roux" in client.get("/panier/").text
    assert (day.seats_taken, count(Order)) == (0, 0)
    assert 'value="Claude"' in client.get(f"/journees/{day.slug}/inscription/").text


def test_the_basket_is_ordered_from_the_checkout_page(client: FlaskClient) -> None:
    day = open_day()
    send(client, day, {"basket": "1"})
    page = client.get("/commande/")
    assert page.status_code == 200
    assert "621,00\u00a0€" in page.text

    contact = {"first_name": "Dominique", "last_name": "Martin", "email": "dm@ville-exemple.fr"}
    answer = client.post("/commande/", data={**MANDAT, **contact})

    assert answer.status_code == 303
    assert (the_order().email, count(Registration)) == ("dm@ville-exemple.fr", 1)
    assert "Votre panier est vide" in client.get("/panier/").text


def test_a_line_is_taken_out_of_the_basket(client: FlaskClient) -> None:
    plan = make_plan()
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)

    assert client.post("/panier/retirer/0/").location == "/panier/"
    assert "Votre panier est vide" in client.get("/panier/").text
    assert client.post("/panier/retirer/7/").status_code == 303


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}])
def test_another_site_cannot_fill_the_basket(client: FlaskClient, headers: dict[str, str]) -> None:
    plan = make_plan()

    assert client.post(f"/panier/abonnements/{plan.slug}/", headers=headers).status_code == 403
    assert count(Basket) == 0


def test_paper_is_sent_to_the_billing_address_unless_another_is_given(client: FlaskClient) -> None:
    plan = make_plan(edition="both")
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    contact = {"first_name": "Dominique", "last_name": "Martin", "email": "dm@ville-exemple.fr"}

    client.post("/commande/", data={**MANDAT, **contact})

    contract = db.session.scalars(sa.select(Contract)).one()
    assert (contract.delivery_name, contract.delivery_city) == ("Ville d’Exemple", "Nantes")


def test_paper_without_any_address_is_asked_for_beside_the_field(client: FlaskClient) -> None:
    plan = make_plan(edition="both")
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)

    answer = client.post(
        "/commande/",
        data={
            "first_name": "D",
            "last_name": "M",
            "email": "d@exemple.fr",
            "payment_method": "cheque",
            "accept_terms": "y",
        },
    )

    assert answer.status_code == 422
    assert 'href="#delivery_address"' in answer.text
    assert count(Order) == 0

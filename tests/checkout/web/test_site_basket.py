"""Filling a basket, and ordering what is in it."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.checkout.models import Basket
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.subscriptions.models import Contract
from tests.checkout.web.sending import MANDAT, SAME_SITE, count, open_day, send, the_order
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.queries import counting_queries


def basket_items() -> list[dict[str, Any]]:
    """Return what the only basket holds."""
    return [data for data in db.session.scalars(sa.select(Basket)).one().items if not data.get("removed")]


def test_an_empty_basket_offers_a_way_on(client: FlaskClient) -> None:
    answer = client.get("/panier/")

    assert answer.status_code == 200
    assert "Votre panier est vide" in answer.text
    assert client.get("/commande/").location == "/panier/"
    assert "entre-temps" not in client.get("/panier/").text


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

    assert client.post("/panier/retirer/0/").location == "/panier/?retire=1"
    assert "Votre panier est vide" in client.get("/panier/").text
    assert client.post("/panier/retirer/7/").status_code == 303


def test_what_was_taken_out_is_named_and_can_be_put_back_in_its_place(client: FlaskClient) -> None:
    day, plan = open_day(), make_plan(name="individuel, un an")
    send(client, day, {"basket": "1"})
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    before = basket_items()

    answer = client.post("/panier/retirer/0/", follow_redirects=True)

    assert f"«\u00a0{day.title}\u00a0» n’est plus dans votre panier" in answer.text
    assert "Individuel, un an" in answer.text
    assert "Claude Roux" not in answer.text
    assert client.post("/panier/remettre/").location == "/panier/"
    assert basket_items() == before


def test_what_was_taken_out_is_forgotten_once_something_else_is_put_in(client: FlaskClient) -> None:
    first, second = make_plan(), make_plan()
    client.post(f"/panier/abonnements/{first.slug}/", headers=SAME_SITE)
    client.post("/panier/retirer/0/")
    client.post(f"/panier/abonnements/{second.slug}/", headers=SAME_SITE)

    answer = client.post("/panier/remettre/", follow_redirects=True)

    assert "rien à remettre" in answer.text
    assert [item["plan"] for item in basket_items()] == [second.slug]


def test_what_was_taken_out_is_not_ordered(client: FlaskClient) -> None:
    plan = make_plan()
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    client.post("/panier/retirer/0/")

    send(client, open_day())

    assert count(Contract) == 0


def test_a_basket_without_a_day_speaks_of_no_seats(client: FlaskClient) -> None:
    plan = make_plan()
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)

    pages = [client.get(address).text for address in ("/panier/", "/commande/")]

    assert not any("places ne sont retenues" in page or "ne retient pas de place" in page for page in pages)


def test_a_plan_is_put_into_the_basket_once(client: FlaskClient) -> None:
    plan = make_plan()
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)

    answer = client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE, follow_redirects=True)

    assert "déjà dans votre panier" in answer.text
    assert len(basket_items()) == 1


def test_seats_left_without_their_subscription_are_flagged_with_what_to_do(client: FlaskClient) -> None:
    day, plan = open_day(), make_plan()
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    send(client, day, {"basket": "1", "attendees-0-rate": "subscriber"})
    assert "Le tarif abonné demande" not in client.get("/panier/").text

    client.post("/panier/retirer/0/")

    for page in (client.get("/panier/").text, client.get("/commande/").text):
        assert "Le tarif abonné demande un abonnement" in page
        assert f'action="/panier/abonnements/{plan.slug}/"' in page
        assert f'href="/journees/{day.slug}/inscription/"' in page
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    assert "Le tarif abonné demande" not in client.get("/panier/").text


def test_a_plan_covers_as_many_seats_as_it_has_readers(client: FlaskClient) -> None:
    day, plan = open_day(), make_plan(readers=1)
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    second = {
        "attendees-1-first_name": "Dominique",
        "attendees-1-last_name": "Martin",
        "attendees-1-email": "dm@ville-exemple.fr",
        "attendees-1-rate": "subscriber",
    }

    send(client, day, {"basket": "1", "attendees-0-rate": "subscriber"} | second)

    assert "Le tarif abonné demande un abonnement" in client.get("/panier/").text


def test_the_basket_tells_nobody_who_subscribes(client: FlaskClient) -> None:
    make_contract(email="claude.roux@ville-exemple.fr")
    day = open_day()

    send(client, day, {"basket": "1", "attendees-0-rate": "subscriber"})

    assert "Le tarif abonné demande un abonnement" in client.get("/panier/").text


def test_an_order_at_the_subscriber_rate_without_one_says_what_can_be_done(client: FlaskClient) -> None:
    day = open_day()
    make_plan()

    answer = send(client, day, {"attendees-0-rate": "subscriber"})

    assert answer.status_code == 422
    assert "Aucun abonnement ne couvre" not in answer.text
    assert answer.text.count("Le tarif abonné demande un abonnement\u00a0: ajoutez-en un à votre commande") == 2
    assert "Mettre au panier et ajouter un abonnement" in answer.text


def test_the_basket_asks_the_same_number_of_queries_for_one_line_and_for_many(client: FlaskClient) -> None:
    counts = []
    for _number in range(3):
        send(client, open_day(), {"basket": "1"})
        with counting_queries() as counted:
            client.get("/panier/")
        counts.append(counted())

    assert counts[0] == counts[2]
    assert counts[0] <= 6


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


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_orders_what_another_tab_took_out_is_told_why_nothing_is_ordered(client: FlaskClient, method: str) -> None:
    client.post(f"/panier/abonnements/{make_plan().slug}/", headers=SAME_SITE)
    client.post("/panier/retirer/0/")

    answer = client.open("/commande/", method=method, follow_redirects=True)

    assert "votre panier a été vidé ou commandé entre-temps" in answer.text
    assert count(Order) == 0

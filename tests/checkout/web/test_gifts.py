"""Offering a subscription: from the plan's page into the basket, and from there into the order."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.registrations.models import Registration
from eventsapp.subscriptions.models import Contract, Gift, Plan
from eventsapp.subscriptions.statuses import Audience, ContractKind, Edition
from tests.checkout.web.sending import MANDAT, SAME_SITE, count, send, the_order
from tests.checkout.web.test_site_basket import basket_items
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.pages import Page

OFFER = "/abonnements/individuel/offrir/"
WISH = {
    "recipient_name": "Claude Roux",
    "recipient_email": "claude.roux@exemple.fr",
    "announce_on": "2026-12-24",
    "message": "Bonne lecture.",
    "giver_name": "Mamie",
}
CONTACT = {"first_name": "Dominique", "last_name": "Martin", "email": "dm@ville-exemple.fr"}

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def plan(client: FlaskClient) -> Plan:
    return make_plan(slug="individuel", name="individuel", edition=Edition.BOTH)


def test_the_plan_leads_to_the_form_and_the_form_to_the_basket(client: FlaskClient, plan: Plan) -> None:
    assert OFFER in client.get("/abonnements/individuel/").text
    form = Page(client.get(OFFER).text)

    answer = client.post(OFFER, data=WISH)

    assert {"recipient_name", "recipient_email", "announce_on", "message", "giver_name"} <= set(form.fields)
    assert (answer.status_code, answer.location) == (303, "/panier/")
    basket = client.get("/panier/").text
    assert "Le cadeau pour Claude Roux est dans votre panier" in basket
    assert "24\u00a0décembre 2026" in basket
    assert basket_items()[0]["gift"] == WISH


def test_the_order_goes_to_the_giver_and_asks_for_no_address_of_delivery(client: FlaskClient, plan: Plan) -> None:
    client.post(OFFER, data=WISH)
    page = client.get("/commande/").text
    assert "delivery_address" not in page
    assert "Offert à Claude Roux" in page

    answer = client.post("/commande/", data={**MANDAT, **CONTACT})

    assert answer.status_code == 303
    gift = db.session.scalars(sa.select(Gift)).one()
    contract = db.session.scalars(sa.select(Contract)).one()
    assert (the_order().email, contract.kind, contract.email) == ("dm@ville-exemple.fr", ContractKind.GIFT, "")
    assert (gift.recipient_name, gift.giver_name, gift.message) == ("Claude Roux", "Mamie", "Bonne lecture.")
    assert gift.announce_at == datetime(2026, 12, 24, 7, tzinfo=UTC)
    order = client.get(answer.location).text
    assert "offert à Claude Roux" in order
    assert f"/cadeaux/{gift.id}/" in order


def test_it_travels_with_a_registration_too(client: FlaskClient, plan: Plan) -> None:
    day = make_study_day()
    client.post(OFFER, data=WISH)

    assert send(client, day).status_code == 303

    assert (count(Registration), count(Gift)) == (1, 1)
    assert the_order().total_cents == 62100 + 12900


def test_a_gift_does_not_open_the_subscriber_rate_to_its_giver(client: FlaskClient, plan: Plan) -> None:
    day = make_study_day()
    client.post(OFFER, data=WISH)

    assert send(client, day, {"attendees-0-rate": "subscriber"}).status_code == 422
    assert count(Gift) == 0


def test_one_for_oneself_and_one_each_for_two_friends_fit_in_one_basket(client: FlaskClient, plan: Plan) -> None:
    client.post("/panier/abonnements/individuel/", headers=SAME_SITE)
    client.post(OFFER, data=WISH)
    client.post(OFFER, data=WISH | {"recipient_name": "Agnès Delcourt", "recipient_email": ""})
    twice = client.post(OFFER, data=WISH)

    assert twice.status_code == 409
    assert "déjà dans votre panier" in twice.text
    assert [item.get("gift", {}).get("recipient_name") for item in basket_items()] == [
        None, "Claude Roux", "Agnès Delcourt",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"recipient_name": ""}, "Indiquez à qui"),
        ({"recipient_name": "casino.online"}, "Ni lien"),
        ({"recipient_email": "claude"}, "pas complète"),
        ({"message": "voir https://casino.online"}, "Ni lien"),
        ({"message": "a" * 301}, "Pas plus de 300"),
        ({"giver_name": "www.casino"}, "Ni lien"),
        ({"announce_on": "2026-11-22"}, "Cette date est passée"),
        ({"announce_on": "2028-01-01"}, "au plus tard dans un an"),
        ({"announce_on": "demain"}, "Écrivez une date"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    client: FlaskClient, plan: Plan, changes: dict[str, str], told: str
) -> None:
    answer = client.post(OFFER, data=WISH | changes)

    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text
    typed = Page(answer.text).fields
    assert {name: typed[name] for name in WISH} == WISH | changes
    assert count(Contract) == 0


def test_it_is_changed_in_the_basket(client: FlaskClient, plan: Plan) -> None:
    client.post(OFFER, data=WISH)
    assert Page(client.get("/panier/cadeaux/0/").text).fields["message"] == "Bonne lecture."

    assert client.post("/panier/cadeaux/0/", data=WISH | {"message": "À bientôt."}).location == "/panier/"

    assert [item["gift"]["message"] for item in basket_items()] == ["À bientôt."]
    assert client.post("/panier/cadeaux/0/", data=WISH | {"recipient_name": ""}).status_code == 422


def test_only_a_gift_is_changed_as_one(client: FlaskClient, plan: Plan) -> None:
    assert client.get("/panier/cadeaux/0/").status_code == 404
    client.post("/panier/abonnements/individuel/", headers=SAME_SITE)
    assert client.get("/panier/cadeaux/0/").status_code == 404
    assert client.get("/panier/cadeaux/7/").status_code == 404


def test_a_plan_for_many_readers_and_one_that_is_not_on_offer_are_not_given(client: FlaskClient) -> None:
    make_plan(slug="collectivite", audience=Audience.INSTITUTION, readers=5)
    make_plan(slug="ancienne", published=False)

    assert [client.get(f"/abonnements/{slug}/offrir/").status_code for slug in ("collectivite", "ancienne")] == [
        404,
        404,
    ]
    assert "offrir" not in client.get("/abonnements/collectivite/").text


def test_the_form_is_nobodys_to_keep(client: FlaskClient, plan: Plan) -> None:
    assert client.get(OFFER).headers["Cache-Control"] == "private, no-store"

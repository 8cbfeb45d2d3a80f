"""The box by which a card may renew what is ordered: unticked, in words that are kept, and for oneself only."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.models import Order
from eventsapp.subscriptions.models import CardAgreement, Plan
from eventsapp.subscriptions.statuses import AgreementState
from tests.checkout.web.sending import MANDAT, SAME_SITE
from tests.support.makers.orders import SIRET
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page

FORM = {
    "submission": "un-jeton-du-formulaire",
    "first_name": "Agnès",
    "last_name": "Delcourt",
    "email": "lectrice@exemple.fr",
    "payment_method": "card",
    "accept_terms": "y",
}


@pytest.fixture
def plan(client: FlaskClient) -> Plan:
    """Put a subscription for a person into the basket."""
    plan = make_plan()
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    return plan


def agreements() -> list[CardAgreement]:
    return list(db.session.scalars(sa.select(CardAgreement)))


def test_the_box_is_not_ticked_and_says_price_and_how_to_stop(client: FlaskClient, plan: Plan) -> None:
    page = client.get("/commande/").text

    assert "Renouveler automatiquement par carte\u00a0: 129,00\xa0€ pour un an" in page.replace("\u202f", "\xa0")
    assert 'name="renew_by_card"' in page
    assert "renew_by_card" not in Page(page).fields


def test_who_ticks_it_and_pays_has_agreed_with_the_card_that_paid(
    client: FlaskClient, plan: Plan, sandbox: RunningSandbox
) -> None:
    answer = client.post("/commande/", data=FORM | {"renew_by_card": "12900"})

    assert answer.status_code == 303
    (asked,) = agreements()
    assert asked.state is AgreementState.ASKED
    assert asked.agreed_text.startswith("Renouveler automatiquement par carte\u00a0: 129,00")
    order = db.session.scalars(sa.select(Order)).one()
    address = f"/commandes/{order.reference}/{order.secret}/"
    assert "Se renouvellera par carte une fois réglé" in client.get(address).text
    buyer.pay(answer.location)
    client.post(f"{address}verifier/")
    (active,) = agreements()
    assert (active.state, active.card) == (AgreementState.ACTIVE, "Visa •••• 4242")
    assert "Se renouvelle par carte" in client.get(address).text


def test_who_does_not_tick_it_agreed_to_nothing_and_no_card_is_kept(
    client: FlaskClient, plan: Plan, sandbox: RunningSandbox
) -> None:
    answer = client.post("/commande/", data=FORM)
    buyer.pay(answer.location)

    assert agreements() == []
    assert sandbox.objects("customer") == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"renew_by_card": "11900"}, "Le prix a changé"),
        ({"siret": SIRET, "organisation": "Ville", "address": "1", "postcode": "44000", "city": "Nantes"}, "pour soi"),
    ],
)
def test_what_cannot_be_agreed_to_is_said_beside_the_box(
    client: FlaskClient, plan: Plan, changes: dict[str, str], told: str
) -> None:
    answer = client.post("/commande/", data=FORM | {"renew_by_card": "12900"} | changes)

    assert answer.status_code == 422
    assert told in answer.text
    assert agreements() == []


def test_ticked_under_another_way_to_pay_it_means_nothing(client: FlaskClient, plan: Plan) -> None:
    assert (
        client.post("/commande/", data=FORM | {"renew_by_card": "12900", "payment_method": "cheque"}).status_code == 303
    )
    assert agreements() == []


def test_a_quote_needs_no_consent_and_keeps_none(client: FlaskClient, plan: Plan) -> None:
    answer = client.post("/commande/", data=MANDAT | FORM | {"renew_by_card": "12900", "quote": "1", "siret": ""})

    assert answer.status_code in {303, 422}
    assert agreements() == []


def test_it_is_not_offered_to_an_institution(client: FlaskClient) -> None:
    plan = make_plan(audience="institution", readers=5)
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)

    assert "renew_by_card" not in client.get("/commande/").text


def test_who_renews_by_hand_is_offered_it_too(client: FlaskClient) -> None:
    today = datetime.now(UTC).date()
    contract = make_contract("lectrice@exemple.fr", starts_on=today, ends_on=today + timedelta(days=364))

    page = client.get(f"/abonnements/renouveler/{contract.secret}/").text

    assert 'name="renew_by_card"' in page

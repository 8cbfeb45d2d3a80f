"""Renewing by a link: who has it needs no password; looking changes nothing."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices.models import QuoteRecord
from eventsapp.orders.models import Order
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus, Edition
from eventsapp.subscriptions.values import Delivery, Reader
from tests.checkout.looking import PRIVATE, pay
from tests.checkout.web.sending import count
from tests.subscriptions.looking import contract_of, gift_of
from tests.support.makers.orders import SIRET, a_gift, a_renewal, place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page

READER = "lectrice@exemple.fr"
FORM = {
    "submission": "un-jeton-du-formulaire",
    "first_name": "Agnès",
    "last_name": "Delcourt",
    "email": READER,
    "payment_method": "cheque",
    "accept_terms": "y",
}

pytestmark = pytest.mark.usefixtures("frozen")


def link(contract: Contract, more: str = "") -> str:
    return f"/abonnements/renouveler/{contract.secret}/{more}"


def renewals() -> list[Contract]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Contract).where(Contract.renews_id.is_not(None))))


def test_the_page_says_until_when_and_from_when_and_fills_in_what_is_known(client: FlaskClient) -> None:
    plan = make_plan(name="Papier", edition=Edition.BOTH)
    order = place(subscription(plan), payment_method="mandat")

    answer = client.get(link(contract_of(order)))

    assert answer.status_code == 200
    assert "22\u00a0novembre 2027" in answer.text
    assert "23\u00a0novembre 2027" in answer.text
    filled = Page(answer.text).fields
    assert (filled["siret"], filled["last_name"], filled["payment_method"]) == (SIRET, "Martin", "mandat")
    assert (filled["delivery_city"], filled["commitment_number"]) == ("Nantes", "")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_form_orders_the_renewal(client: FlaskClient) -> None:
    contract = make_contract(READER)

    answer = client.post(link(contract), data=FORM)

    assert answer.status_code == 303
    assert answer.location.startswith("/commandes/")
    (renewal,) = renewals()
    assert (renewal.renews_id, renewal.email, renewal.status) == (contract.id, READER, ContractStatus.PENDING)
    assert "renouvellement" in client.get(answer.location).text


def test_another_plan_is_chosen_by_its_link_and_asks_for_what_it_needs(client: FlaskClient) -> None:
    contract = make_contract(READER)
    make_plan(slug="papier", name="papier", edition=Edition.BOTH, price_cents=16900)
    page = client.get(link(contract, "?formule=papier"))
    assert "169,00\u00a0€" in page.text
    assert "delivery_address" in page.text

    assert client.post(link(contract, "?formule=papier"), data=FORM).status_code == 422
    where = {"delivery_name": "A. D.", "delivery_address": "1, rue", "delivery_postcode": "44000", "delivery_city": "N"}
    assert client.post(link(contract, "?formule=papier"), data=FORM | where).status_code == 303
    assert [row.delivery_city for row in renewals()] == ["N"]


def test_a_plan_that_is_not_offered_any_more_gives_way_to_another(client: FlaskClient) -> None:
    contract = make_contract(READER, plan=make_plan(name="Ancienne", published=False))
    assert "Cet abonnement ne se renouvelle pas" in client.get(link(contract)).text
    assert client.post(link(contract), data=FORM).status_code == 409

    make_plan(name="Nouvelle")
    page = client.get(link(contract))
    assert "n’est plus proposée" in page.text
    assert client.post(link(contract), data=FORM).status_code == 303


def test_what_is_renewed_says_so_and_is_not_ordered_again(client: FlaskClient) -> None:
    contract = make_contract(READER)
    order = place(a_renewal(contract), payment_method="card", billing=PRIVATE)
    pay(order, order.total_cents)

    page = client.get(link(contract)).text

    assert "C’est déjà renouvelé" in page
    assert "31\u00a0mai 2028" in page
    assert client.post(link(contract), data=FORM).status_code == 409
    assert len(renewals()) == 1


def test_one_that_is_ordered_is_told_of_and_can_be_paid_another_way(client: FlaskClient) -> None:
    contract = make_contract(READER)
    client.post(link(contract), data=FORM)

    assert "Déjà commandé" in client.get(link(contract)).text
    assert client.post(link(contract), data=FORM | {"submission": "un-autre-formulaire-1"}).status_code == 303


def test_a_basket_beside_it_is_left_alone(client: FlaskClient) -> None:
    contract, other = make_contract(READER), make_plan(name="À garder")
    client.post(f"/panier/abonnements/{other.slug}/", headers={"Sec-Fetch-Site": "same-origin"})

    client.post(link(contract), data=FORM)

    assert "À garder" in client.get("/panier/").text
    assert len(renewals()) == 1


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"status": ContractStatus.CANCELLED}, "Il a été annulé"),
        ({"status": ContractStatus.PENDING, "starts_on": None, "ends_on": None}, "Il attend encore son règlement"),
        (
            {"status": ContractStatus.EXPIRED, "starts_on": date(2025, 6, 1), "ends_on": date(2026, 5, 31)},
            "reprend aujourd’hui",
        ),
    ],
)
def test_the_page_says_what_becomes_of_others(client: FlaskClient, values: dict[str, object], told: str) -> None:
    assert told in client.get(link(make_contract(READER, **values))).text


def test_a_public_body_has_its_quote_by_one_button(client: FlaskClient) -> None:
    order = place(subscription(make_plan()), payment_method="mandat")
    contract = contract_of(order)
    assert "Obtenir le devis" in client.get(link(contract)).text
    assert count(QuoteRecord) == 0

    answer = client.post(link(contract, "devis/"))
    again = client.post(link(contract, "devis/"))

    assert answer.status_code == 303
    assert answer.location == again.location
    assert db.session.scalars(sa.select(QuoteRecord.siret)).all() == [SIRET]
    placed = client.post(answer.location)
    assert placed.status_code == 303
    assert [row.starts_on for row in renewals()] == [date(2027, 11, 23)]


def test_without_what_a_quote_needs_the_form_asks_for_it(client: FlaskClient) -> None:
    contract = make_contract(READER)

    answer = client.post(link(contract, "devis/"))

    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert count(QuoteRecord) == 0


def test_the_reader_of_a_gift_sees_nothing_of_its_giver(client: FlaskClient) -> None:
    order = place(a_gift(make_plan()), payment_method="mandat")
    with unit_of_work.transaction():
        subscriptions.redeem(
            gift_of(order).secret, reader=Reader(email=READER, delivery=Delivery(name="A. D.")), locale="fr", now=NOW
        )

    page = client.get(link(contract_of(order))).text

    assert "Martin" not in page
    assert SIRET not in page
    assert READER in page


def test_reminders_end_by_a_button_and_not_by_opening_the_link(client: FlaskClient) -> None:
    contract = make_contract(READER)
    page = client.get(link(contract, "rappels/"))
    assert "Ne plus recevoir ces rappels" in page.text
    assert db.session.scalars(sa.select(Contract.reminders)).all() == [True]

    assert client.post(link(contract, "rappels/")).status_code == 303
    assert db.session.scalars(sa.select(Contract.reminders)).all() == [False]
    assert "Vous ne recevrez plus de rappels" in client.get(link(contract, "rappels/")).text

    client.post(link(contract, "rappels/"), data={"on": "1"})
    assert db.session.scalars(sa.select(Contract.reminders)).all() == [True]


@pytest.mark.parametrize("more", ["", "rappels/"])
def test_an_unknown_link_opens_nothing(client: FlaskClient, more: str) -> None:
    make_contract(READER)

    assert client.get(f"/abonnements/renouveler/inconnu/{more}").status_code == 404
    assert client.post(f"/abonnements/renouveler/inconnu/{more}").status_code == 404
    assert client.post("/abonnements/renouveler/inconnu/devis/").status_code == 404


def test_in_english_too(client: FlaskClient) -> None:
    contract = make_contract(READER)

    assert "Renew the subscription" in client.get(f"/en{link(contract)}").text
    client.post(f"/en{link(contract)}", data=FORM)
    assert db.session.scalars(sa.select(Order.locale)).all() == ["en"]
    assert [row.locale for row in renewals()] == ["en"]

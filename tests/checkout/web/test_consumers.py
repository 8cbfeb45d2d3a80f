"""Withdrawing and giving notice, from the order's page."""

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import Edition
from tests.checkout.looking import PRIVATE, pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("frozen")


def subscribed() -> Order:
    return place(subscription(make_plan(edition=Edition.DIGITAL)), payment_method="cheque", billing=PRIVATE)


def page_of(order: Order) -> str:
    return f"/commandes/{order.reference}/{order.secret}/"


def test_a_consumer_withdraws_in_two_steps_and_the_office_is_told(client: FlaskClient) -> None:
    order = subscribed()
    page = page_of(order)

    assert "Renoncer au contrat ici" in client.get(page).text
    assert "Confirmer la rétractation" in client.get(f"{page}renoncer/").text
    answer = client.post(f"{page}renoncer/")

    assert answer.location == page
    shown = client.get(page).text
    assert "Vous avez renoncé au contrat" in shown
    assert "Renoncer au contrat ici" not in shown
    assert "Vous y avez déjà renoncé" in client.get(f"{page}renoncer/").text
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    assert order.reference in client.get("/organisation/commandes/?etat=a-traiter").text
    assert "L’acheteur a renoncé au contrat" in client.get(f"/organisation/commandes/{order.reference}/").text


@pytest.mark.parametrize(
    ("paid", "said", "unsaid"),
    [
        (False, ["Rien n’est dû", "Rien n’était réglé", "il n’y a rien à rembourser"], ["Nous vous remboursons"]),
        (True, ["Nous vous remboursons dans les quatorze jours"], ["Rien n’était réglé", "Bonne lecture"]),
    ],
)
def test_whoever_withdrew_is_told_what_becomes_of_the_money_and_asked_for_none(
    client: FlaskClient, paid: bool, said: list[str], unsaid: list[str]
) -> None:
    order = subscribed()
    if paid:
        pay(order, order.total_cents)

    client.post(f"{page_of(order)}renoncer/")
    text = client.get(page_of(order)).text.replace("\u00a0", " ")

    assert [words for words in ["Vous avez renoncé à cette commande", *said] if words not in text] == []
    assert [words for words in ["À régler", "Pour régler", "Établissez le chèque", *unsaid] if words in text] == []


def test_of_a_part_withdrawn_the_rest_is_asked_for_once_the_office_took_it_back(client: FlaskClient) -> None:
    items = (seats(make_study_day()), subscription(make_plan(edition=Edition.DIGITAL)))
    order = place(*items, payment_method="cheque", billing=PRIVATE)
    client.post(f"{page_of(order)}renoncer/")
    before = client.get(page_of(order)).text
    contracts = [row.id for row in subscriptions.contracts_of_order(order.id)]
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.cancel_part(order.id, seat_ids=[], contract_ids=contracts, fee_cents=0, actor=actor, now=NOW)
    db.session.expire_all()

    assert "Ne réglez rien pour l’instant" in before
    assert "À régler" not in before
    assert "À régler : 621,00 €, chèque" in client.get(page_of(order)).text.replace("\u00a0", " ")


def test_a_public_body_sees_nothing_of_it(client: FlaskClient) -> None:
    order = place(subscription(make_plan()))

    assert "Renoncer au contrat ici" not in client.get(page_of(order)).text
    assert client.get(f"{page_of(order)}renoncer/").status_code == 404
    assert client.post(f"{page_of(order)}renoncer/").status_code == 404


def test_a_subscription_is_resigned_in_three_clicks(client: FlaskClient) -> None:
    order = subscribed()
    pay(order, order.total_cents)
    (contract,) = subscriptions.contracts_of_order(order.id)
    address = f"{page_of(order)}resilier/{contract.id}/"

    assert f'href="{address}"' in client.get(page_of(order)).text
    assert "Notifier la résiliation" in client.get(address).text
    assert client.post(address).location == page_of(order)
    assert client.get(address).status_code == 404
    assert client.get(f"{page_of(order)}resilier/{contract.id + 1}/").status_code == 404


def test_the_mediator_is_named_to_consumers_and_in_the_terms(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    form = {"withdrawal_days": "14", "first_issue_days": "45", "events_exempt": "y", "mediator": "CM2C, Paris"}
    wrong = client.post("/organisation/conditions-de-vente/consommateurs/", data=form | {"withdrawal_days": "7"})
    kept = client.post("/organisation/conditions-de-vente/consommateurs/", data=form)

    assert (wrong.status_code, kept.status_code) == (422, 303)
    assert "CM2C, Paris" in client.get(page_of(subscribed())).text
    assert "CM2C, Paris" in client.get("/conditions-generales/").text
    assert "CM2C" not in client.get(page_of(place(subscription(make_plan())))).text

"""The buyer's page on which an order's billing is corrected."""

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments.statuses import InvoiceMoment
from tests.support.makers.orders import SIRET, place, seats
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("frozen")
FORM = {
    "organisation": "Ville d’Exemple",
    "siret": SIRET,
    "address": "2, quai de la Loire",
    "postcode": "44000",
    "city": "Nantes",
}


def page_of(order: Order) -> str:
    return f"/commandes/{order.reference}/{order.secret}/"


def uninvoiced() -> Order:
    set_method("transfer", invoice_at=InvoiceMoment.PAYMENT)
    return place(seats(make_study_day()), payment_method="transfer")


def test_the_buyer_corrects_the_address_from_the_order(client: FlaskClient) -> None:
    order = uninvoiced()
    address = f"{page_of(order)}facturation/"

    assert f'href="{address}"' in client.get(page_of(order)).text
    answer = client.post(address, data=FORM)

    assert (answer.status_code, answer.location) == (303, page_of(order))
    assert "2, quai de la Loire" in client.get(page_of(order)).text
    assert client.get(f"/commandes/{order.reference}/autre/facturation/").status_code == 404


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(client: FlaskClient) -> None:
    order = uninvoiced()

    answer = client.post(f"{page_of(order)}facturation/", data=FORM | {"siret": "123"})

    assert answer.status_code == 422
    assert 'id="siret-error"' in answer.text
    assert 'value="2, quai de la Loire"' in answer.text
    db.session.expire_all()
    assert db.session.get_one(Order, order.id).billing_address == "1, place de la Mairie"


def test_of_an_invoiced_order_the_page_says_whom_to_ask(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    address = f"{page_of(order)}facturation/"

    assert f'href="{address}"' not in client.get(page_of(order)).text
    assert "écrivez-nous" in client.get(address).text
    assert client.post(address, data=FORM).location == page_of(order)
    db.session.expire_all()
    assert db.session.get_one(Order, order.id).billing_address == "1, place de la Mairie"


def test_a_postcode_that_is_none_is_refused_beside_its_field(client: FlaskClient) -> None:
    order = uninvoiced()

    answer = client.post(f"{page_of(order)}facturation/", data=FORM | {"postcode": "4500"})

    assert answer.status_code == 422
    assert '<a href="#postcode">En France, cinq chiffres' in answer.text

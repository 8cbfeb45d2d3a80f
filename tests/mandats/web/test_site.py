"""The dossier for the buyer."""

import io

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.mandats import queries
from eventsapp.mandats.models import MandatDossier
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.orders.models import Order
from tests.support.makers.orders import SIRET, place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.pages import Page

pytestmark = pytest.mark.usefixtures("frozen")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CODES = {"siret": SIRET, "service_code": "FINANCES", "commitment_number": "EJ-2026-0417"}


def here(order: Order) -> str:
    return f"/commandes/{order.reference}/{order.secret}/mandat/"


def dossier_of(order: Order) -> MandatDossier:
    db.session.expire_all()
    found = queries.of_order(order.id)
    assert found is not None
    return found


def test_the_buyer_brings_the_purchase_order_and_gets_it_back(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    page = client.get(here(order))

    answer = client.post(here(order), data=CODES | {"number": "BC-12", "file": (io.BytesIO(PDF), "Bon.pdf")})

    assert "Bon de commande attendu" in page.text
    assert (answer.status_code, answer.location) == (303, f"/commandes/{order.reference}/{order.secret}/")
    assert dossier_of(order).status is MandatStatus.RECEIVED
    assert "BC-12" in client.get(answer.location).text
    assert client.get(f"{here(order)}bon-de-commande").data == PDF
    assert client.get(f"/commandes/{order.reference}/autre/mandat/bon-de-commande").status_code == 404


def test_a_scanned_purchase_order_of_some_megabytes_is_taken(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    client.application.config["WTF_CSRF_ENABLED"] = True
    fields = CODES | {"csrf_token": Page(client.get(here(order)).text).fields["csrf_token"]}
    parts = [f'--part\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{fields[key]}\r\n' for key in fields]
    head = '--part\r\nContent-Disposition: form-data; name="file"; filename="Bon.pdf"\r\n\r\n'
    scan = PDF[:-6] + b"%" * 5_000_000 + b"\n%%EOF\n"
    body = "".join([*parts, head]).encode() + scan + b"\r\n--part--\r\n"

    answer = client.post(here(order), data=body, content_type="multipart/form-data; boundary=part")

    assert answer.status_code == 303
    assert dossier_of(order).status is MandatStatus.RECEIVED


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"siret": ""}, "siret"), ({"siret": "217500016000"}, "siret"), ({"number": "x" * 51}, "number")],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client: FlaskClient, changes: dict[str, str], field: str) -> None:
    order = place(seats(make_study_day()))

    answer = client.post(here(order), data=CODES | {"commitment_number": "EJ-TAPE"} | changes)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="EJ-TAPE"' in answer.text
    assert dossier_of(order).status is MandatStatus.AWAITED


def test_a_program_called_pdf_is_refused(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    answer = client.post(here(order), data=CODES | {"file": (io.BytesIO(b"MZ\x90\x00"), "bon.pdf")})

    assert answer.status_code == 422
    assert dossier_of(order).purchase_order_file is None


def test_an_order_by_cheque_has_no_such_page(client: FlaskClient) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")

    assert client.get(here(order)).status_code == 404
    assert "bon de commande" not in client.get(f"/commandes/{order.reference}/{order.secret}/").text

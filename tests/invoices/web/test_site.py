"""The files of invoices by the order's private link."""

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from eventsapp.invoices import queries as invoices
from eventsapp.invoices import service
from eventsapp.orders.models import Order
from tests.checkout.looking import mails
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("frozen")


def invoiced() -> Order:
    order = place(seats(make_study_day()))
    assert service.finish_due(now=NOW) == 1
    return order


def test_the_buyer_finds_the_invoice_and_its_data(client: FlaskClient) -> None:
    order = invoiced()
    address = f"/commandes/{order.reference}/{order.secret}/"

    page = client.get(address).text
    paper = client.get(f"{address}factures/F-2026-00001.pdf")
    data = client.get(f"{address}factures/F-2026-00001.xml")

    assert f'href="{address}factures/F-2026-00001.pdf"' in page
    assert (paper.status_code, paper.content_type) == (200, "application/pdf")
    said = " ".join(PdfReader(io.BytesIO(paper.data)).pages[0].extract_text().split())
    assert "F-2026-00001" in said
    assert (data.status_code, data.content_type) == (200, "application/xml")
    assert b"<ram:ID>F-2026-00001</ram:ID>" in data.data
    assert "no-store" in paper.headers["Cache-Control"]


@pytest.mark.usefixtures("believed")
def test_the_mail_with_the_invoice_goes_to_whoever_pays(client: FlaskClient) -> None:
    order = invoiced()

    assert ("invoices/invoice_ready", order.email) in mails()
    assert service.finish_due(now=NOW) == 0
    assert len([template for template, _address in mails() if template == "invoices/invoice_ready"]) == 1


def test_until_it_is_made_the_page_says_so(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    address = f"/commandes/{order.reference}/{order.secret}/"

    assert "en préparation" in client.get(address).text
    assert client.get(f"{address}factures/F-2026-00001.pdf").status_code == 404


def test_an_invoice_is_only_for_its_own_order(client: FlaskClient) -> None:
    order = invoiced()
    other = place(seats(make_study_day(), an_attendee(7)))

    foreign = client.get(f"/commandes/{other.reference}/{other.secret}/factures/F-2026-00001.pdf")
    forged = client.get(f"/commandes/{order.reference}/{'x' * 32}/factures/F-2026-00001.pdf")

    assert (foreign.status_code, forged.status_code) == (404, 404)
    assert [invoice.number for invoice in invoices.of_order(other.id)] == ["F-2026-00002"]

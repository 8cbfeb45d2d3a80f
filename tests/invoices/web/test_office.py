"""Invoices in the office."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.invoices import service
from eventsapp.invoices.statuses import Check
from eventsapp.orders.models import Order
from eventsapp.payments.statuses import InvoiceMoment
from tests.checkout.looking import mails
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def invoiced() -> Order:
    order = place(seats(make_study_day()))
    service.finish_due(now=NOW)
    return order


def test_the_list_and_the_page_show_what_was_issued(accountant: FlaskClient) -> None:
    invoiced()

    listed = accountant.get("/organisation/factures/").text
    shown = accountant.get("/organisation/factures/F-2026-00001/").text
    paper = accountant.get("/organisation/factures/F-2026-00001/fichier.pdf")
    data = accountant.get("/organisation/factures/F-2026-00001/fichier.xml")

    assert "F-2026-00001" in listed
    assert "Ville d’Exemple" in shown
    assert "Valide" in shown
    assert (paper.content_type, data.content_type) == ("application/pdf", "application/xml")


def test_a_part_is_credited_and_no_more_than_is_left(accountant: FlaskClient) -> None:
    order = invoiced()
    address = "/organisation/factures/F-2026-00001/avoir/"

    too_much = accountant.post(address, data={"amount": "99999", "reason": "Geste"})
    nothing = accountant.post(address, data={"amount": "", "reason": ""})
    done = accountant.post(address, data={"amount": "100,00", "reason": "Geste commercial"})

    assert (too_much.status_code, nothing.status_code, done.status_code) == (422, 422, 303)
    assert "Il ne reste pas tant à reprendre" in too_much.text
    assert [(row.number, row.total_cents) for row in invoices.of_order(order.id)][1:] == [("A-2026-00001", 10_000)]
    assert "Geste commercial" in accountant.get("/organisation/factures/F-2026-00001/").text


def test_an_invoice_that_breaks_a_rule_is_shown_with_its_text_and_never_sent(
    accountant: FlaskClient, app: Flask
) -> None:
    settings = app.extensions["eventsapp.settings"]
    app.extensions["eventsapp.settings"] = replace(settings, seller=replace(settings.seller, siret="123"))
    try:
        order = place(seats(make_study_day()))
        finished = service.finish_due(now=NOW)
    finally:
        app.extensions["eventsapp.settings"] = settings

    (invoice,) = invoices.of_order(order.id)
    page = accountant.get("/organisation/factures/F-2026-00001/").text
    again = accountant.post("/organisation/factures/F-2026-00001/controler/")

    assert (finished, invoice.pdf_id) == (0, None)
    assert "BR-FR-" in page
    assert "Elle n’est pas partie" in page
    assert "invoices/invoice_ready" not in [template for template, _address in mails()]
    assert again.status_code == 303
    db.session.refresh(invoice)
    assert invoice.check is Check.PENDING


def test_the_sentences_are_printed_on_what_is_issued_from_then_on(accountant: FlaskClient) -> None:
    first = invoiced()
    kept = invoices.terms()
    form = {
        "legal_form": "SARL au capital de 10 000 €",
        "register": "RCS Angers",
        "late_penalty": kept.late_penalty,
        "late_penalty_public": kept.late_penalty_public,
        "late_penalty_person": kept.late_penalty_person,
        "recovery_fee": kept.recovery_fee,
        "recovery_fee_public": kept.recovery_fee_public,
        "recovery_fee_person": kept.recovery_fee_person,
        "early_payment": "",
        "quote_days": "30",
    }

    missing = accountant.post("/organisation/factures/mentions/", data=form)
    saved = accountant.post("/organisation/factures/mentions/", data=form | {"early_payment": "Sans escompte."})
    second = place(seats(make_study_day()))

    assert (missing.status_code, saved.status_code) == (422, 303)
    said = [invoices.content_of(invoices.of_order(order.id)[0]) for order in (first, second)]
    assert [content.terms.early_payment for content in said] == [
        "Pas d’escompte pour paiement anticipé.",
        "Sans escompte.",
    ]
    assert said[1].seller.legal_form == "SARL au capital de 10 000 €"


def test_an_order_is_invoiced_from_its_page_once(accountant: FlaskClient) -> None:
    set_method("transfer", invoice_at=InvoiceMoment.PAYMENT)
    order = place(seats(make_study_day()), payment_method="transfer")
    address = f"/organisation/commandes/{order.reference}/facturer/"

    first, second = accountant.post(address), accountant.post(address)

    assert first.headers["Location"].endswith("/organisation/factures/F-2026-00001/")
    assert second.headers["Location"].endswith(f"/organisation/commandes/{order.reference}/")
    assert len(invoices.of_order(order.id)) == 1


def test_an_order_that_is_cancelled_is_not_invoiced_from_its_page(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="À leur demande", actor=actor, now=NOW)

    answer = accountant.post(f"/organisation/commandes/{order.reference}/facturer/")

    assert "Seule une commande confirmée se facture" in accountant.get(answer.location).text
    assert [row.number for row in invoices.of_order(order.id)] == ["F-2026-00001", "A-2026-00001"]


def test_a_credit_note_is_not_credited(accountant: FlaskClient) -> None:
    order = invoiced()
    accountant.post("/organisation/factures/F-2026-00001/avoir/", data={"amount": "100,00", "reason": "Geste"})

    answer = accountant.post(
        "/organisation/factures/A-2026-00001/avoir/", data={"amount": "100,00", "reason": "Encore"}
    )

    assert "Un avoir ne se reprend pas" in accountant.get(answer.location).text
    assert len(invoices.of_order(order.id)) == 2

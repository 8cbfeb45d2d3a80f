"""Invoices in the office."""

import re
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
from eventsapp.invoices.papers import einvoice_xml, problems
from eventsapp.invoices.statuses import Check
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments.statuses import InvoiceMoment
from tests.checkout.looking import mails
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def invoiced() -> Order:
    order = place(seats(make_study_day()))
    service.finish_due(now=NOW)
    return order


@pytest.mark.usefixtures("believed")
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


@pytest.mark.usefixtures("believed")
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


@pytest.mark.usefixtures("believed")
def test_what_waits_for_a_refused_invoice_says_so_and_goes_with_the_one_written_instead(
    accountant: FlaskClient,
) -> None:
    order = invoiced()
    actor = make_user(RoleName.ACCOUNTANT)
    billing = orders.billing_of(order)
    with unit_of_work.transaction():
        checkout.bill_anew(
            order.id, replace(billing, city="Angers"), seen="F-2026-00001", form_key="a", actor=actor, now=NOW
        )
    refused = invoices.by_number("F-2026-00002")
    assert refused is not None
    refused.check = Check.INVALID
    db.session.commit()
    service.finish_due(now=NOW)

    waiting = accountant.get("/organisation/factures/A-2026-00001/")
    with unit_of_work.transaction():
        checkout.credit_invoice(refused, redo=True, reason="Refusée", actor=actor, now=NOW)
    with unit_of_work.transaction():
        checkout.invoice_order(order.id, actor=actor, now=NOW)
    service.finish_due(now=NOW)

    assert waiting.status_code == 200
    assert "elle attend l’autre document" in waiting.text
    sent = {row.number: row.sent_at is not None for row in invoices.of_order(order.id)}
    assert sent == {
        "F-2026-00001": True, "A-2026-00001": True, "F-2026-00002": False, "A-2026-00002": True, "F-2026-00003": True,
    }  # fmt: skip
    assert [template for template, _address in mails()].count("invoices/billed_anew") == 1
    assert "Envoyé le" in accountant.get("/organisation/factures/A-2026-00001/").text


@pytest.mark.usefixtures("believed")
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


@pytest.mark.usefixtures("believed")
def test_a_credit_note_is_not_credited(accountant: FlaskClient) -> None:
    order = invoiced()
    accountant.post("/organisation/factures/F-2026-00001/avoir/", data={"amount": "100,00", "reason": "Geste"})

    answer = accountant.post(
        "/organisation/factures/A-2026-00001/avoir/", data={"amount": "100,00", "reason": "Encore"}
    )

    assert "Un avoir ne se reprend pas" in accountant.get(answer.location).text
    assert len(invoices.of_order(order.id)) == 2


@pytest.mark.usefixtures("believed")
def test_lines_are_credited_by_number_or_amount_and_the_order_costs_less(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day(), *(an_attendee(number) for number in (1, 2, 3))), subscription(make_plan()))
    service.finish_due(now=NOW)
    address = "/organisation/factures/F-2026-00001/avoir/"
    shown = accountant.get("/organisation/factures/F-2026-00001/").text
    keys = re.findall(r'name="lines-\d-line" value="(\d+)"', shown)
    assert len(keys) == 2
    typed = {"lines-0-line": keys[0], "lines-1-line": keys[1], "reason": "Geste", "key": "k" * 20}

    answers = [
        accountant.post(address, data=typed | more)
        for more in (
            {"lines-0-units": "4"},
            {"lines-1-amount": "129,01"},
            {"lines-1-amount": "129", "amount": "10"},
            {},
            {"lines-0-units": "2", "lines-0-amount": "50,00"},
            {"lines-0-units": "2", "lines-1-amount": "29,00"},
            {"lines-0-units": "2", "lines-1-amount": "29,00"},
        )
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 422, 303, 303]
    assert "Indiquez un nombre ou un montant" in answers[4].text
    assert answers[0].text.count("Il ne reste pas tant à reprendre de cette ligne") == 2
    assert answers[5].location == answers[6].location
    note = invoices.content_of(invoices.of_order(order.id)[1])
    assert [(line.quantity, line.gross_cents, line.vat_rate) for line in note.lines] == [
        (2, 124200, 2000),
        (1, 2900, 210),
    ]
    assert problems([einvoice_xml(note)]) == [[]]
    db.session.expire_all()
    assert (order.credited_cents, order.balance_cents) == (127100, 199200 - 127100)


@pytest.mark.usefixtures("believed")
def test_a_line_of_several_parts_has_one_row_to_be_credited_by(accountant: FlaskClient) -> None:
    parts = [("Magazine", "press", 13_900), ("Base documentaire", "standard", 6_000)]
    order = place(subscription(make_plan(name="complète", price_cents=19_900, parts=parts)), seats(make_study_day()))
    lines = [str(line.id) for line in order.lines]
    bundle = next(str(line.id) for line in order.lines if line.total_cents == 19_900)
    service.finish_due(now=NOW)
    shown = accountant.get("/organisation/factures/F-2026-00001/").text
    keys = re.findall(r'name="lines-\d-line" value="(\d+)"', shown)

    answer = accountant.post(
        "/organisation/factures/F-2026-00001/avoir/",
        data={"lines-0-line": bundle, "lines-0-amount": "199", "reason": "Geste", "key": "k" * 20},
    )

    assert sorted(keys) == sorted(lines)
    assert '<th scope="row">Abonnement complète<input' in shown
    assert answer.status_code == 303
    note = invoices.content_of(invoices.of_order(order.id)[1])
    assert [(line.part, line.gross_cents) for line in note.lines] == [(1, 13_900), (2, 6_000)]


@pytest.mark.usefixtures("believed")
def test_an_invoice_to_be_written_anew_leaves_what_is_owed(accountant: FlaskClient) -> None:
    order = invoiced()
    address = "/organisation/factures/F-2026-00001/avoir/"

    part = accountant.post(address, data={"amount": "100,00", "redo": "y", "reason": "Erreur"})
    whole = accountant.post(address, data={"amount": "621,00", "redo": "y", "reason": "Erreur"})
    again = accountant.post(f"/organisation/commandes/{order.reference}/facturer/")

    assert (part.status_code, whole.status_code, again.status_code) == (422, 303, 303)
    db.session.expire_all()
    assert (order.credited_cents, order.balance_cents) == (0, 62100)
    assert [(row.kind.value, row.total_cents) for row in invoices.of_order(order.id)] == [
        ("invoice", 62100), ("credit_note", 62100), ("invoice", 62100),
    ]  # fmt: skip

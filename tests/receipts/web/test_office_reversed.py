"""Payments taken back by the office's pages: after a refund, on a cancelled order, typed by mistake."""

import re
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.dunning import queries as dunning
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments.models import Deposit, Payment
from eventsapp.receipts import service as receipts
from tests.checkout.looking import PRIVATE, pay
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

TODAY = NOW.date()
TO_HANDLE = "/organisation/commandes/?etat=a-traiter"


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def paid_by_cheque() -> tuple[Order, Payment]:
    order = place(seats(make_study_day()), payment_method="cheque", billing=PRIVATE)
    payment = pay(order, 62100, reference=order.reference)
    assert payment is not None
    return order, payment


def cancel(order: Order) -> None:
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Empêché", actor=make_user(RoleName.ADMINISTRATOR), now=NOW)


def refund(order: Order) -> None:
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=62100, refunded_on=TODAY, reason="Annulée", method="transfer", actor=actor, now=NOW
        )


def reverse(client: FlaskClient, payment: Payment, cause: str = "rejet", reason: str = "sans provision") -> str:
    answer = client.post(
        f"/organisation/reglements/{payment.id}/rejet/",
        data={"cause": cause, "reversed_on": TODAY.isoformat(), "reason": reason},
    )
    assert answer.status_code == 303, answer.text
    assert broken() == []
    return said(client, answer.location)


def said(client: FlaskClient, url: str) -> str:
    """Return what a page says, on one line, without its marks."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", client.get(url).text)).split())


def office(client: FlaskClient, order: Order) -> str:
    return said(client, f"/organisation/commandes/{order.reference}/")


def buyers(client: FlaskClient, order: Order) -> str:
    return said(client, f"/commandes/{order.reference}/{order.secret}/")


def mail(template: str) -> str:
    row = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == template)).one()
    return " ".join(row.text.split())


def test_what_was_refunded_and_then_bounced_is_to_be_had_back(accountant: FlaskClient) -> None:
    order, payment = paid_by_cheque()
    cancel(order)
    refund(order)
    assert order.reference not in accountant.get(TO_HANDLE).text

    told = reverse(accountant, payment)

    assert (order.lost_cents, order.balance_cents, order.status) == (62100, 62100, OrderStatus.CANCELLED)
    assert "Il avait été rendu : 621,00 € sont à récupérer auprès de l’acheteur." in told
    assert "Annulée · Rendu en trop" in office(accountant, order)
    assert "621,00 € à récupérer auprès de l’acheteur" in office(accountant, order)
    assert order.reference in accountant.get(TO_HANDLE).text
    assert "À nous régler : 621,00 €" in buyers(accountant, order)
    assert "vous sont rendus" not in buyers(accountant, order)
    assert f"Référence à rappeler {order.reference}" in buyers(accountant, order)
    assert "621,00 € sont à nous rendre" in mail("receipts/payment_reversed")
    assert "621,00 € sont à récupérer" in mail("receipts/payment_reversed_office")
    assert "Les places restent confirmées" not in mail("receipts/payment_reversed_office")


def test_what_the_buyer_gives_back_is_found_by_its_amount_and_ends_it(accountant: FlaskClient) -> None:
    order, payment = paid_by_cheque()
    cancel(order)
    refund(order)
    reverse(accountant, payment)
    assert order.reference in accountant.get("/organisation/encaissements/?q=621,00").text

    given = {"method": "transfer", "amount": "621,00", "received_on": TODAY.isoformat(), "order": str(order.id)}
    assert accountant.post("/organisation/encaissements/?q=621,00", data=given).status_code == 303

    assert (order.lost_cents, order.balance_cents, order.paid_without_seat, broken()) == (0, 0, False, [])
    assert "Annulée · Remboursé" in office(accountant, order)
    assert order.reference not in accountant.get(TO_HANDLE).text
    assert order.reference not in accountant.get("/organisation/commandes/?etat=a-rembourser").text


def test_what_bounces_before_it_is_refunded_is_owed_by_nobody(accountant: FlaskClient) -> None:
    order, payment = paid_by_cheque()
    cancel(order)

    told = reverse(accountant, payment)

    assert "La commande est close : ce règlement n’est plus à rendre." in told
    assert "de nouveau" not in told
    assert "La commande est close : rien n’est à régler." in mail("receipts/payment_reversed")
    assert "ce règlement n’est plus à rendre" in mail("receipts/payment_reversed_office")
    assert order.reference not in accountant.get(TO_HANDLE).text


def test_what_was_typed_by_mistake_is_taken_back_without_a_word_of_the_bank(accountant: FlaskClient) -> None:
    order, payment = paid_by_cheque()

    told = reverse(accountant, payment, cause="erreur", reason="")

    assert (order.payment_status, order.balance_cents) == (PaymentStatus.DUE, 62100)
    assert "La commande est à régler de nouveau." in told
    assert "Règlement saisi par erreur, retiré" in told
    assert "noté par erreur un règlement de 621,00 €" in mail("receipts/payment_undone")
    assert "receipts/payment_reversed" not in db.session.scalars(sa.select(OutgoingMail.template)).all()
    assert "noté par erreur" in buyers(accountant, order)
    assert "Rejeté" not in buyers(accountant, order)


def test_who_never_paid_is_reminded_as_who_bounced_is_not(accountant: FlaskClient) -> None:
    typed, mistaken = paid_by_cheque()
    bounced, cheque = paid_by_cheque()
    reverse(accountant, mistaken, cause="erreur", reason="")
    reverse(accountant, cheque)
    db.session.commit()

    late = TODAY + timedelta(days=120)

    assert [len(dunning.remindable(today=late, only=order.id)) for order in (typed, bounced)] == [1, 0]


def test_a_bounce_wants_its_reason(accountant: FlaskClient) -> None:
    _order, payment = paid_by_cheque()

    answer = accountant.post(
        f"/organisation/reglements/{payment.id}/rejet/", data={"cause": "rejet", "reversed_on": TODAY.isoformat()}
    )

    assert answer.status_code == 422
    assert "Indiquez le motif" in answer.text


def test_a_cheque_on_a_slip_is_no_typing_error_while_the_slip_stands(accountant: FlaskClient) -> None:
    order, payment = paid_by_cheque()
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        receipts.deposit({payment.id}, deposited_on=TODAY, actor=actor, now=NOW)
    slip = db.session.scalars(sa.select(Deposit.id)).one()

    answer = accountant.post(
        f"/organisation/reglements/{payment.id}/rejet/", data={"cause": "erreur", "reversed_on": TODAY.isoformat()}
    )

    assert (answer.status_code, order.paid_cents) == (409, 62100)
    assert f"Ce chèque est sur la remise n° {slip}" in answer.text.replace("\u00a0", " ")


def test_the_page_of_a_slip_marks_what_bounced(accountant: FlaskClient) -> None:
    _order, payment = paid_by_cheque()
    _other, kept = paid_by_cheque()
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        slip = receipts.deposit({payment.id, kept.id}, deposited_on=TODAY, actor=actor, now=NOW).id

    reverse(accountant, payment)

    page = said(accountant, f"/organisation/encaissements/remises/{slip}/")
    assert page.count("rejeté le 23") == 1
    assert "Dont rejetés 621,00 €" in page
    assert "Annuler ce bordereau" not in page


def test_an_expired_order_awaits_nothing_and_is_marked_where_money_is_typed(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()), payment_method="card")
    with unit_of_work.transaction():
        checkout.expire_due(now=NOW + timedelta(hours=1))
    assert order.status is OrderStatus.EXPIRED

    page = office(accountant, order)

    assert "Expirée · Non réglé" in page
    assert "Reste dû 0,00 €" in page
    assert "Non réglé délai passé" in said(accountant, f"/organisation/encaissements/?q={order.reference}")

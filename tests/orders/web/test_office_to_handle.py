"""« À traiter »: what waits for somebody, in the list, on the order's page and on the first page of the office."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.statuses import Check
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.orders.models import Order
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.pages import Page

pytestmark = pytest.mark.usefixtures("frozen")
LIST = "/organisation/commandes/?etat=a-traiter"


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def checked(order: Order, check: Check = Check.INVALID) -> Order:
    """Let the validators have said that of the order's invoice."""
    db.session.execute(
        sa.update(Invoice).where(Invoice.order_id == order.id).values(check=check, problems=[["BR-CO-15", "faux"]])
    )
    db.session.commit()
    return order


def shows(client: FlaskClient, order: Order) -> bool:
    return order.reference in client.get(LIST).text


def page(client: FlaskClient, order: Order) -> str:
    return client.get(f"/organisation/commandes/{order.reference}/").text


def test_a_refused_invoice_of_an_order_that_is_not_paid_waits(accountant: FlaskClient) -> None:
    order = checked(place(seats(make_study_day())))

    assert shows(accountant, order)
    assert "le contrôle la refuse" in page(accountant, order)
    first = Page(accountant.get("/organisation/").text)
    assert first.links["Traiter"] == LIST
    assert first.links["Corriger"] == "/organisation/factures/?etat=refusees"
    assert "F-2026-00001" in accountant.get("/organisation/factures/?etat=refusees").text


def test_what_is_paid_and_whose_invoice_is_not_made_in_time_waits(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()), now=NOW - timedelta(hours=2))
    pay(order, 62100)

    assert shows(accountant, order)
    assert "Tout est réglé. La facture n’est pas prête" in page(accountant, order)


def test_what_is_paid_and_of_which_a_mail_was_refused_waits(accountant: FlaskClient) -> None:
    order = checked(place(seats(make_study_day())), Check.VALID)
    pay(order, 62100)
    db.session.execute(sa.update(OutgoingMail).values(status=MailStatus.FAILED))
    db.session.commit()

    assert shows(accountant, order)
    assert "un courriel n’est pas parti" in page(accountant, order)


def test_what_is_paid_without_a_seat_waits_until_it_is_given_back(accountant: FlaskClient) -> None:
    day = make_study_day(capacity=1)
    late = place(seats(day), payment_method="card", now=NOW - timedelta(hours=1))
    checkout.expire_due(now=NOW)
    place(seats(day, an_attendee(2)))
    pay(late, 62100, gateway_reference="pi_1")
    assert shows(accountant, late)

    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            late.id, amount_cents=62100, refunded_on=NOW.date(), reason="Plus de place", actor=actor, now=NOW
        )

    assert not shows(accountant, late)


def test_what_is_done_or_was_taken_back_waits_for_nobody(accountant: FlaskClient) -> None:
    fine = checked(place(seats(make_study_day())), Check.VALID)
    pay(fine, 62100)
    replaced = checked(place(seats(make_study_day())))
    actor = make_user(RoleName.ACCOUNTANT)
    invoice = db.session.scalars(sa.select(Invoice).where(Invoice.order_id == replaced.id)).one()
    with unit_of_work.transaction():
        checkout.credit_invoice(invoice, amount_cents=62100, reason="Refusée", actor=actor, now=NOW)
    db.session.execute(sa.update(Invoice).where(Invoice.credits_id == invoice.id).values(check=Check.VALID))
    db.session.commit()

    assert not shows(accountant, fine)
    assert not shows(accountant, replaced)
    assert "Corriger" not in Page(accountant.get("/organisation/").text).links


def test_a_trial_waits_for_nobody(accountant: FlaskClient) -> None:
    place(seats(make_study_day()))

    assert not shows(accountant, checked(place(seats(make_study_day()), is_test=True)))

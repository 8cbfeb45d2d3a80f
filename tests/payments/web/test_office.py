"""Money typed by the office, once; and the alerts about card payments that do not fit."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import PaymentStatus
from eventsapp.payments import service as payments
from eventsapp.payments.models import Payment, PaymentAlert, Refund
from eventsapp.payments.values import CardPayment
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.pages import Page
from tests.support.queries import counting_queries

TODAY = NOW.date()
ALERTS = "/organisation/reglements/alertes/"


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


@pytest.fixture
def order(accountant: FlaskClient) -> Order:
    return place(seats(make_study_day()), payment_method="cheque")


def of(order: Order, page: str) -> str:
    return f"/organisation/commandes/{order.reference}/{page}/"


def payment(**changes: str) -> dict[str, str]:
    return {"method": "cheque", "amount": "100,00", "received_on": TODAY.isoformat(), "reference": "0001"} | changes


def refund(**changes: str) -> dict[str, str]:
    typed = {"method": "transfer", "amount": "10,00", "refunded_on": TODAY.isoformat(), "reason": "Geste"}
    return typed | {"surely_due": "y"} | changes


def key_on(html: str) -> str:
    found = re.search(r'name="key"[^>]* value="([^"]+)"', html)
    assert found is not None
    return found[1]


def an_alert(order: Order | None = None, payment_id: str = "pi_1", currency: str = "eur") -> PaymentAlert:
    told = CardPayment(
        session_id="cs_1", reference=order.reference if order else "2026-XXXX-XXXX", open=False, paid=True,
        amount_cents=62099, currency=currency, payment_id=payment_id, live=False,
    )  # fmt: skip
    with unit_of_work.transaction():
        payments.raise_alert(told, problem="payé 62099 centimes au lieu de 62100", order=order, now=NOW)
    return db.session.scalars(sa.select(PaymentAlert).filter_by(payment_id=payment_id)).one()


def test_a_payment_sent_twice_counts_once_and_its_page_says_so(accountant: FlaskClient, order: Order) -> None:
    typed = payment(key=key_on(accountant.get(of(order, "reglement")).text))

    answers = [accountant.post(of(order, "reglement"), data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert order.paid_cents == 10000
    assert "Ce règlement est déjà enregistré." in accountant.get(answers[1].location).text


def test_a_refund_sent_twice_counts_once(accountant: FlaskClient, order: Order) -> None:
    accountant.post(of(order, "reglement"), data=payment())
    typed = refund(key=key_on(accountant.get(of(order, "remboursement")).text))

    answers = [accountant.post(of(order, "remboursement"), data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert order.refunded_cents == 1000
    assert "Ce remboursement est déjà enregistré." in accountant.get(answers[1].location).text


def test_a_refund_is_of_what_is_too_much_and_more_of_a_standing_order_is_asked_about(
    accountant: FlaskClient, order: Order
) -> None:
    accountant.post(of(order, "reglement"), data=payment(amount="700,00", surely_too_much="y"))
    page = accountant.get(of(order, "remboursement")).text
    invoice = invoices.standing_invoice(order.id)
    assert invoice is not None
    assert 'value="79,00"' in page
    assert f'href="/organisation/factures/{invoice.number}/"' in page
    assert "surely_due" not in page

    more = accountant.post(of(order, "remboursement"), data=refund(amount="100,00", surely_due=""))
    assert more.status_code == 409
    assert "21,00\u00a0€ seraient de nouveau à régler" in more.text.replace("\u202f", "\u00a0")
    assert 'name="surely_due"' in more.text
    assert accountant.post(of(order, "remboursement"), data=refund(surely_due="", amount="79,00")).status_code == 303
    assert accountant.post(of(order, "remboursement"), data=refund(amount="21,00")).status_code == 303

    assert order.balance_cents == 2100


@pytest.mark.parametrize(("page", "typed"), [("reglement", payment()), ("remboursement", refund())])
def test_the_same_money_typed_again_is_asked_about_and_recorded_when_it_is_another(
    accountant: FlaskClient, order: Order, page: str, typed: dict[str, str]
) -> None:
    accountant.post(of(order, "reglement"), data=payment(reference="0"))
    model = Payment if page == "reglement" else Refund
    before = db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    accountant.post(of(order, page), data=typed)

    asked = accountant.post(of(order, page), data=typed)
    assert asked.status_code == 409
    assert "déjà enregistré" in asked.text
    assert "Ce n’est pas le même" in asked.text
    again = accountant.post(of(order, page), data=typed | {"surely_new": "y", "key": key_on(asked.text)})

    assert again.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == before + 2


def test_more_than_is_owed_is_asked_about_and_recorded_when_it_did_arrive(
    accountant: FlaskClient, order: Order
) -> None:
    asked = accountant.post(of(order, "reglement"), data=payment(amount="6210,00"))

    assert asked.status_code == 409
    assert "C’est plus que le reste dû, 621,00\u00a0€" in asked.text
    assert order.paid_cents == 0
    confirmed = payment(amount="6210,00", surely_too_much="y", key=key_on(asked.text))
    assert 'name="surely_too_much"' in asked.text
    assert accountant.post(of(order, "reglement"), data=confirmed).status_code == 303
    assert order.payment_status is PaymentStatus.OVERPAID
    assert accountant.post(of(order, "reglement"), data=confirmed).status_code == 303
    assert order.paid_cents == 621000


def test_recording_money_steps_back_once_all_is_paid(accountant: FlaskClient, order: Order) -> None:
    page = f"/organisation/commandes/{order.reference}/"
    link = f'href="{page}reglement/">Enregistrer un règlement'
    assert f'<a class="button main" {link}' in accountant.get(page).text
    assert Page(accountant.get(of(order, "reglement")).text).fields["amount"] == "621,00"

    accountant.post(of(order, "reglement"), data=payment(amount="700", surely_too_much="y"))

    assert f'<a class="button" {link}' in accountant.get(page).text
    assert Page(accountant.get(of(order, "reglement")).text).fields["amount"] == ""


def test_the_journal_of_an_order_is_in_the_order_of_time(accountant: FlaskClient, order: Order) -> None:
    accountant.post(of(order, "reglement"), data=payment(amount="621,00"))
    sent = db.session.scalars(sa.select(OutgoingMail)).all()
    for mail in sent:
        mail.created_at = NOW - timedelta(minutes=5)
    for entry in db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "orders.place")):
        entry.at = NOW - timedelta(minutes=9)
    db.session.flush()

    page = accountant.get(f"/organisation/commandes/{order.reference}/").text.split('class="journal"')[1]

    told = [line.strip() for line in re.findall(r"<span>([^<]*)<", page.split("</ol>")[0])]
    assert told[-1] == "Commande passée"
    assert [line[:8] for line in told[-1 - len(sent) : -1]] == ["Courriel"] * len(sent)
    assert "Règlement\u00a0: 621,00\u00a0€, Chèque bancaire, 0001" in told[: -1 - len(sent)]


def test_another_number_is_another_cheque(accountant: FlaskClient, order: Order) -> None:
    for number in ("0001", "0002"):
        assert accountant.post(of(order, "reglement"), data=payment(reference=number)).status_code == 303

    assert order.paid_cents == 20000


@pytest.mark.parametrize(
    "day", [TODAY + timedelta(days=1), date(2099, 1, 1), TODAY - timedelta(days=366), date(1, 1, 1)]
)
def test_a_date_that_cannot_be_is_refused_beside_its_field(accountant: FlaskClient, order: Order, day: date) -> None:
    accountant.post(of(order, "reglement"), data=payment())

    paid = accountant.post(of(order, "reglement"), data=payment(reference="2", received_on=day.isoformat()))
    returned = accountant.post(of(order, "remboursement"), data=refund(refunded_on=day.isoformat()))

    assert (paid.status_code, returned.status_code) == (422, 422)
    assert 'id="received_on-error"' in paid.text
    assert 'id="refunded_on-error"' in returned.text
    assert (order.paid_cents, order.payment_status) == (10000, PaymentStatus.PART_PAID)


def test_an_alert_is_a_task_of_the_first_page_until_it_is_dealt_with(accountant: FlaskClient, order: Order) -> None:
    alert = an_alert(order)
    first_page = Page(accountant.get("/organisation/").text)
    assert first_page.links["Vérifier"] == ALERTS
    assert first_page.links["Alertes de paiement 1"] == ALERTS
    address = f"{ALERTS}{alert.id}/"
    shown = accountant.get(ALERTS).text
    assert address in shown
    assert "payé 62099 centimes au lieu de 62100" in shown
    assert "620,99\u00a0€" in accountant.get(address).text

    assert accountant.post(address, data={"note": ""}).status_code == 422
    assert accountant.post(address, data={"note": "Remboursé chez Stripe"}).status_code == 303

    assert "Vérifier" not in Page(accountant.get("/organisation/").text).links
    assert address not in accountant.get(ALERTS).text
    assert "Remboursé chez Stripe" in accountant.get(f"{ALERTS}?etat=traitees").text
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="payments.handle_alert")).one()
    assert (entry.subject_label, entry.changes["reason"]) == (order.reference, "Remboursé chez Stripe")
    journal = accountant.get(f"/organisation/commandes/{order.reference}/").text
    assert "Alerte de paiement traitée" in journal


def test_an_alert_is_dealt_with_once(accountant: FlaskClient, order: Order) -> None:
    address = f"{ALERTS}{an_alert(order).id}/"
    accountant.post(address, data={"note": "A"})

    answer = accountant.post(address, data={"note": "B"})

    assert answer.status_code == 409
    assert db.session.scalars(sa.select(PaymentAlert.note)).all() == ["A"]


def test_an_alert_about_nobodys_order_and_another_currency_is_shown_too(accountant: FlaskClient) -> None:
    alert = an_alert(None, currency="usd")

    text = accountant.get(f"{ALERTS}{alert.id}/").text

    assert "inconnue\u00a0: 2026-XXXX-XXXX" in text
    assert "USD" in text
    assert "€" not in accountant.get(ALERTS).text


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_of_alerts_asks_the_same_number_of_queries(accountant: FlaskClient, order: Order, count: int) -> None:
    for number in range(count):
        an_alert(order, f"pi_{number}")

    with counting_queries() as queries:
        accountant.get(ALERTS)

    assert queries() <= 6

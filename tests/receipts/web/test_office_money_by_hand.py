"""Money by hand by the office's pages, whole: a part, too much, twice, bounced; shared by orders; by mandat, late."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.dunning import queries as dunning
from eventsapp.dunning import service as reminders
from eventsapp.invoices import queries as invoices
from eventsapp.mandats import queries as mandats
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing
from eventsapp.payments.models import Payment
from eventsapp.subscriptions import queries as subscriptions
from tests.checkout.looking import PRIVATE, mails
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import SIRET, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

PAGE = "/organisation/encaissements/"
TODAY = NOW.date()
READER = "finances@ville-exemple.fr"


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def typed(*orders: Order, on: date = TODAY, **values: str) -> dict[str, Any]:
    given = {"method": "cheque", "received_on": on.isoformat(), "reference": "0001234", "bank": "Crédit agricole"}
    return given | values | {"order": [str(order.id) for order in orders]}


def record(client: FlaskClient, *orders: Order, **values: Any) -> tuple[int, str]:
    """Record money for orders that the search shows; return the status, and the page that says what came of it."""
    asked = {"q": ";".join(order.reference for order in orders)}
    answer = client.post(PAGE, query_string=asked, data=typed(*orders, **values))
    said = client.get(answer.location).text if answer.status_code == 303 else answer.text
    assert broken() == []
    return answer.status_code, said


def subscribed() -> Order:
    """Return an order of a subscription at 129 €, to be paid by cheque."""
    return place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE)


def reads() -> bool:
    return subscriptions.has_active_contract(READER, TODAY)


def page(client: FlaskClient, order: Order) -> str:
    return client.get(f"/organisation/commandes/{order.reference}/").text


def buyers_page(client: FlaskClient, order: Order) -> str:
    return client.get(f"/commandes/{order.reference}/{order.secret}/").text


def test_a_cheque_of_a_part_opens_nothing_and_says_what_is_missing(accountant: FlaskClient) -> None:
    order = subscribed()

    assert record(accountant, order, amount="100,00")[0] == 303

    assert (order.payment_status, order.balance_cents, reads()) == (PaymentStatus.PART_PAID, 2900, False)
    assert "100,00\u00a0€ sont réglés, 29,00\u00a0€ restent attendus" in page(accountant, order)
    assert record(accountant, order, amount="29,00", reference="0001235")[0] == 303
    assert (order.payment_status, reads()) == (PaymentStatus.PAID, True)


def test_a_cheque_of_too_much_is_asked_about_and_the_rest_is_to_be_given_back(accountant: FlaskClient) -> None:
    order = subscribed()

    status, asked = record(accountant, order, amount="150,00")
    assert (status, order.paid_cents) == (409, 0)
    assert "C’est plus que le reste dû" in asked
    assert record(accountant, order, amount="150,00", surely_too_much="y")[0] == 303

    assert (order.payment_status, reads()) == (PaymentStatus.OVERPAID, True)
    assert "L’acheteur a payé 21,00\u00a0€ de trop" in page(accountant, order)
    assert order.reference in accountant.get("/organisation/commandes/?etat=a-rembourser").text


def test_the_same_cheque_typed_twice_is_refused(accountant: FlaskClient) -> None:
    first, second = subscribed(), subscribed()
    record(accountant, first, amount="129,00")

    status, said = record(accountant, second, amount="129,00", on=TODAY - timedelta(days=1))

    assert (status, second.paid_cents) == (409, 0)
    assert "Le chèque n° 0001234 est déjà enregistré" in said
    assert first.reference in said
    assert len(db.session.scalars(sa.select(Payment)).all()) == 1


def test_a_cheque_that_bounces_suspends_the_access_with_a_notice(accountant: FlaskClient) -> None:
    order = subscribed()
    record(accountant, order, amount="129,00")
    payment = db.session.scalars(sa.select(Payment.id)).one()
    assert reads()

    answer = accountant.post(
        f"/organisation/reglements/{payment}/rejet/",
        data={"reversed_on": TODAY.isoformat(), "reason": "sans provision"},
    )

    assert answer.status_code == 303
    assert (order.payment_status, reads(), broken()) == (PaymentStatus.DUE, False, [])
    assert "suspendu jusqu’au règlement" in buyers_page(accountant, order)
    assert "suspendu jusqu’au règlement" in page(accountant, order)
    assert ("receipts/payment_reversed", READER) in mails()
    # The same one may be presented again; with it the access comes back.
    assert record(accountant, order, amount="129,00")[0] == 303
    assert reads()


def test_one_transfer_pays_three_orders_and_is_shared_as_the_office_says(accountant: FlaskClient) -> None:
    orders = [place(seats(make_study_day()), payment_method="transfer", billing=PRIVATE) for _each in range(3)]
    parts = ("621,00", "621,00", "300,00")
    shared = {f"part-{order.id}": part for order, part in zip(orders, parts, strict=True)}

    assert record(accountant, *orders, method="transfer", amount="1842,00", **shared)[0] == 422
    assert record(accountant, *orders, method="transfer", amount="1542,00", **shared)[0] == 303

    assert [order.balance_cents for order in orders] == [0, 0, 32100]
    assert [order.payment_status for order in orders] == [PaymentStatus.PAID] * 2 + [PaymentStatus.PART_PAID]
    assert len(db.session.scalars(sa.select(Payment)).all()) == 3


def test_a_mandat_is_followed_from_its_purchase_order_to_its_money_sixty_days_later(accountant: FlaskClient) -> None:
    billing = Billing(
        organisation="Ville d’Exemple", siret=SIRET, address="1, place de la Mairie", postcode="44000", city="Nantes"
    )
    order = place(seats(make_study_day()), billing=billing)
    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.DUE)
    codes = {"siret": SIRET, "service_code": "FINANCES", "commitment_number": "EJ-2026-0417", "number": "BC-2026-118"}

    answer = accountant.post(f"/organisation/commandes/{order.reference}/mandat/", data=codes)

    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    dossier = mandats.of_order(order.id)
    assert dossier is not None
    assert (dossier.status, dossier.purchase_order_number) == (MandatStatus.RECEIVED, "BC-2026-118")
    standing = invoices.standing_invoice(order.id)
    assert standing is not None
    assert invoices.content_of(standing).buyer.commitment_number == "EJ-2026-0417"
    late = NOW + timedelta(days=60)
    with time_machine.travel(late, tick=False):
        db.session.commit()
        claim = dunning.claim_of(order.id)
        assert claim is not None
        assert claim.owed_cents == 62100
        assert reminders.remind_due(now=late) >= 1
        sign_in(accountant, make_user(RoleName.ACCOUNTANT))
        # Whoever pays so late pays by one transfer, from the treasury.
        status, _said = record(
            accountant, order, on=late.date(), method="mandat", amount="621,00", reference="MDT-1", bank="Trésorerie"
        )
        assert status == 303

    db.session.expire_all()
    assert (order.payment_status, dossier.status) == (PaymentStatus.PAID, MandatStatus.PAID)
    assert dunning.claim_of(order.id) is None

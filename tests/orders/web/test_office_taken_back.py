"""Money that Stripe took back: the order's page says so; what becomes of seat and subscription is one click each."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Item
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.payments.models import PaymentAlert
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import mails, pay, statuses, taken
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.payments import intent_of
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_plan

NOW = datetime.now(UTC)
PERSON_TOLD = ("registrations/seat_cancelled", "claude.roux1@ville-exemple.fr")


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def paid(sandbox: RunningSandbox, *, seat: bool = True, subscribes: bool = False) -> Order:
    """Return an order that was paid by card."""
    items: list[Item] = [
        *([seats(make_study_day(slug="angers", starts_at=NOW + timedelta(days=60)))] if seat else []),
        *([subscription(make_plan())] if subscribes else []),
    ]
    order = place(*items, payment_method="card", now=NOW)
    order_id = order.id
    checkout.open_page(checkout.prepare_page(order, now=NOW), now=NOW)
    (page,) = payments.card_sessions_of(order_id)
    sandbox.pay(page.session_id or "", card=buyer.ACCEPTED)
    checkout.ask_gateway(order_id, now=NOW)
    db.session.expire_all()
    return order


def lose(sandbox: RunningSandbox, order: Order) -> PaymentAlert:
    """Let the card's holder win a dispute about the order; return the alert about it."""
    made = sandbox.dispute_in_dashboard(intent_of(order))
    sandbox.close_dispute(made["id"], won=False)
    checkout.find_money_back(now=NOW)
    db.session.expire_all()
    return db.session.scalars(sa.select(PaymentAlert).order_by(PaymentAlert.id.desc()).limit(1)).one()


def page_of(order: Order) -> str:
    return f"/organisation/commandes/{order.reference}/"


def test_a_lost_dispute_is_said_and_the_seat_is_given_back_by_one_click(
    accountant: FlaskClient, sandbox: RunningSandbox
) -> None:
    order = paid(sandbox)
    alert = lose(sandbox, order)
    pages = (page_of(order), f"/organisation/reglements/alertes/{alert.id}/")
    seen = [accountant.get(address).text for address in pages]
    assert "La banque du porteur de la carte a repris son argent\u00a0: il manque 621,00\u00a0€." in seen[0]
    assert all("Rendre la place" in text and "Suspendre l’abonnement" not in text for text in seen)

    answer = accountant.post(f"{page_of(order)}rendre-les-places/")

    assert "Les places sont rendues" in accountant.get(answer.location).text
    assert (order.status, statuses()) == (OrderStatus.CANCELLED, [RegistrationStatus.CANCELLED])
    assert [row.kind for row in invoices.of_order(order.id)] == [DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE]
    assert mails()[-2:] == [PERSON_TOLD, ("checkout/order_cancelled", order.email)]
    assert "Rendre la place" not in accountant.get(page_of(order)).text
    again = accountant.post(f"{page_of(order)}rendre-les-places/")
    assert "n’a plus de place à rendre" in accountant.get(again.location).text


def test_the_subscription_is_suspended_by_one_click_with_a_notice(
    accountant: FlaskClient, sandbox: RunningSandbox
) -> None:
    order = paid(sandbox, seat=False, subscribes=True)
    lose(sandbox, order)
    (contract,) = subscriptions.contracts_of_order(order.id)
    assert contract.status is ContractStatus.ACTIVE
    page = accountant.get(page_of(order)).text
    assert "Suspendre l’abonnement" in page
    assert "Rendre" not in page

    accountant.post(f"{page_of(order)}suspendre-abonnement/")

    assert contract.is_suspended
    assert mails()[-1] == ("checkout/access_suspended", order.email)
    assert "suspendu jusqu’au règlement" in accountant.get(f"/commandes/{order.reference}/{order.secret}/").text
    again = accountant.post(f"{page_of(order)}suspendre-abonnement/")
    assert "pas d’abonnement en cours" in accountant.get(again.location).text
    db.session.commit()
    pay(order, 12900, now=NOW, reference="VIR")
    db.session.expire_all()
    assert contract.status is ContractStatus.ACTIVE


def test_of_seat_and_subscription_each_is_decided_by_itself(accountant: FlaskClient, sandbox: RunningSandbox) -> None:
    order = paid(sandbox, subscribes=True)
    sandbox.refund_in_dashboard(intent_of(order))
    checkout.find_money_back(now=NOW)
    db.session.expire_all()
    page = accountant.get(page_of(order)).text
    assert "De l’argent a été rendu chez Stripe, hors de la commande\u00a0: il manque 750,00\u00a0€." in page
    assert "Rendre la place" in page
    assert "Suspendre l’abonnement" in page

    accountant.post(f"{page_of(order)}rendre-les-places/")

    (contract,) = subscriptions.contracts_of_order(order.id)
    assert (order.status, contract.status) == (OrderStatus.CONFIRMED, ContractStatus.ACTIVE)
    assert statuses() == [RegistrationStatus.CANCELLED]
    assert mails()[-2:] == [PERSON_TOLD, ("checkout/seats_released", order.email)]


def test_a_dispute_that_is_won_changes_nothing(accountant: FlaskClient, sandbox: RunningSandbox) -> None:
    order = paid(sandbox)
    made = sandbox.dispute_in_dashboard(intent_of(order))
    sandbox.close_dispute(made["id"], won=True)
    checkout.find_money_back(now=NOW)
    db.session.expire_all()

    page = accountant.get(page_of(order)).text

    assert "Tout est réglé." in page
    assert "Rendre la place" not in page


def test_once_the_alert_is_dealt_with_the_page_still_says_that_money_is_missing(
    accountant: FlaskClient, sandbox: RunningSandbox
) -> None:
    order = paid(sandbox)
    alert = lose(sandbox, order)
    accountant.post(f"/organisation/reglements/alertes/{alert.id}/", data={"note": "On garde la place, ils paieront."})

    page = accountant.get(page_of(order)).text

    assert "il reste 621,00\u00a0€ à régler" in page
    assert "Rendre la place" not in page


def test_the_seats_of_a_day_that_is_over_are_not_given_back(accountant: FlaskClient, sandbox: RunningSandbox) -> None:
    order = paid(sandbox)
    lose(sandbox, order)
    (day,) = registrations.days_of_order(order.id)
    day.starts_at, day.ends_at = NOW - timedelta(days=2), NOW - timedelta(days=1)
    db.session.commit()

    answer = accountant.post(f"{page_of(order)}rendre-les-places/")

    assert "n’a plus de place à rendre" in accountant.get(answer.location).text
    assert (taken(day), statuses()) == (1, [RegistrationStatus.CONFIRMED])

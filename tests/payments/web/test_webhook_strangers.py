"""Messages and pages that are somebody else's: of the other mode, of another order, or of nobody."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments import rules
from eventsapp.payments.models import CardSession, GatewayEvent, Payment, PaymentAlert
from eventsapp.payments.statuses import EventState
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.payments import card_order
from tests.support.makers.study_days import make_study_day
from tests.support.messages import URL, lost, tell

NOW = datetime.now(UTC)
PAID = "checkout.session.completed"


@pytest.fixture
def orders(client: FlaskClient, sandbox: RunningSandbox) -> tuple[Order, Order]:
    """Two people's orders at the same price, their pages open; the second one pays."""
    day = make_study_day(starts_at=NOW + timedelta(days=60))
    mine, other = card_order(day, 1, now=NOW), card_order(day, 2, now=NOW)
    sandbox.pay(page_of(other), card=buyer.ACCEPTED)
    return mine, other


def page_of(order: Order) -> str:
    session_id = db.session.scalar(sa.select(CardSession.session_id).where(CardSession.order_id == order.id))
    assert session_id is not None
    return session_id


def address_of(order: Order) -> str:
    return f"/commandes/{order.reference}/{order.secret}/"


def test_a_message_of_the_other_mode_pays_nothing_is_answered_200_and_shown_to_the_office(
    client: FlaskClient, sandbox: RunningSandbox, orders: tuple[Order, Order], caplog: pytest.LogCaptureFixture
) -> None:
    (event,) = sandbox.events(PAID)

    assert tell(client, sandbox, event | {"livemode": True}) == 200

    assert {order.payment_status for order in orders} == {PaymentStatus.DUE}
    assert db.session.scalars(sa.select(GatewayEvent.state)).all() == [EventState.SET_ASIDE]
    assert f"event {event['id']} ({PAID}) is set aside" in caplog.text
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    assert "message d’essai pour de vrais comptes" in client.get("/organisation/reglements/messages/").text


def test_a_page_paid_for_another_order_does_not_pay_this_one(
    client: FlaskClient, sandbox: RunningSandbox, orders: tuple[Order, Order]
) -> None:
    mine, other = orders
    store = sandbox.sandbox.store
    session = store.find("checkout.session", page_of(other))
    assert session is not None
    with store.transaction():
        store.put(session | {"client_reference_id": mine.reference})

    assert tell(client, sandbox, sandbox.events(PAID)[0]) == 200

    assert {order.payment_status for order in orders} == {PaymentStatus.DUE}
    assert db.session.scalars(sa.select(PaymentAlert.problem)).all() == [
        "la page de paiement est celle d’une autre commande"
    ]


def test_coming_back_with_the_page_of_another_shows_and_settles_nothing_of_theirs(
    client: FlaskClient, sandbox: RunningSandbox, orders: tuple[Order, Order]
) -> None:
    mine, other = orders
    stolen = f"{address_of(mine)}?retour=carte&session_id={page_of(other)}"

    page = client.get(stolen).text
    client.post(f"{address_of(mine)}verifier/?session_id={page_of(other)}", data={"session_id": page_of(other)})

    assert "Nous attendons la confirmation" in page
    for secret in (other.reference, other.secret, "Roux2", "claude.roux2@ville-exemple.fr", page_of(other)):
        assert secret not in page.replace(f"session_id={page_of(other)}", "")
    assert {order.status for order in orders} == {OrderStatus.PENDING}
    assert client.get(f"/commandes/{other.reference}/{mine.secret}/").status_code == 404


def test_a_message_about_a_page_that_stripe_does_not_know_pays_nothing(
    client: FlaskClient, sandbox: RunningSandbox, orders: tuple[Order, Order]
) -> None:
    mine, _other = orders
    page = {"object": "checkout.session", "id": "cs_test_inconnue", "client_reference_id": mine.reference}
    paid = page | {"payment_status": "paid", "amount_total": 62100, "currency": "eur", "status": "complete"}

    assert tell(client, sandbox, lost("evt_1", data={"object": paid})) == 200

    assert mine.status is OrderStatus.PENDING
    assert db.session.scalars(sa.select(Payment)).all() == []


def test_a_forged_message_is_logged_with_where_it_came_from(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post(
        URL, data=b"{}", headers={"Stripe-Signature": "t=1,v1=00"}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )

    assert answer.status_code == 400
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "a message that Stripe did not sign, from 192.0.2.7")
    ]
    assert db.session.scalars(sa.select(GatewayEvent)).all() == []


def test_without_the_comparison_dollars_would_pay(
    client: FlaskClient, sandbox: RunningSandbox, orders: tuple[Order, Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    _mine, other = orders
    store = sandbox.sandbox.store
    session = store.find("checkout.session", page_of(other))
    assert session is not None
    with store.transaction():
        store.put(session | {"currency": "usd"})
    monkeypatch.setattr(rules, "mismatch", lambda **_said: None)

    tell(client, sandbox, sandbox.events(PAID)[0])

    assert other.payment_status is PaymentStatus.PAID

"""Stripe's messages: forged, stale, doubled, shuffled, for another amount."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments import gateway
from eventsapp.payments.models import CardSession, GatewayEvent, Payment, PaymentAlert
from eventsapp.payments.statuses import EventOutcome, EventState
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.messages import URL, deal_with_them, post, tell

PAID = "checkout.session.completed"


@pytest.fixture
def order(client: FlaskClient, sandbox: RunningSandbox) -> Order:
    """An order whose page at Stripe is open."""
    now = datetime.now(UTC)
    day = make_study_day(starts_at=now + timedelta(days=60))
    order = place(seats(day), payment_method="card", now=now)
    checkout.open_page(checkout.prepare_page(order, now=now), now=now)
    return order


def page_of(order: Order) -> str:
    session_id = db.session.scalar(sa.select(CardSession.session_id).where(CardSession.order_id == order.id))
    assert session_id is not None
    return session_id


def pay(sandbox: RunningSandbox, order: Order) -> dict[str, Any]:
    """Pay the order's page; return the event that Stripe tells."""
    sandbox.pay(page_of(order), card=buyer.ACCEPTED)
    return sandbox.events(PAID)[0]


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def written() -> tuple[int, int, int]:
    return count(Payment), count(GatewayEvent), count(OutgoingMail)


def test_a_paid_page_settles_the_order(client: FlaskClient, sandbox: RunningSandbox, order: Order) -> None:
    assert tell(client, sandbox, pay(sandbox, order)) == 200

    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)
    assert (db.session.scalars(sa.select(Payment.gateway_reference)).one() or "").startswith("pi_")


def test_the_same_message_twice_counts_once(client: FlaskClient, sandbox: RunningSandbox, order: Order) -> None:
    event = pay(sandbox, order)
    tell(client, sandbox, event)
    after_once = written()

    assert [tell(client, sandbox, event) for _ in range(3)] == [200, 200, 200]

    assert written() == after_once
    assert order.paid_cents == order.total_cents


def test_the_same_payment_told_by_another_message_counts_once(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    event = pay(sandbox, order)
    tell(client, sandbox, event)

    assert tell(client, sandbox, event | {"id": "evt_another"}) == 200

    assert order.paid_cents == order.total_cents
    assert count(Payment) == 1


def test_messages_in_the_wrong_order_end_in_the_right_state(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    pay(sandbox, order)
    last_first = sandbox.events()
    assert {event["type"] for event in last_first} == {
        PAID, "payment_intent.created", "payment_intent.succeeded", "charge.succeeded",
    }  # fmt: skip

    assert [tell(client, sandbox, event) for event in last_first] == [200] * 4

    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)
    assert count(Payment) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body, _signature: (body, ""),
        lambda body, _signature: (body, "t=1,v1=00"),
        lambda body, signature: (body.replace(b"62100", b"62101", 1), signature),
        lambda body, signature: (body + b"\n", signature),
        lambda body, signature: (body, signature.replace("v1=", "v0=")),
        lambda _body, signature: (b"{}", signature),
    ],
)  # fmt: skip
def test_a_forged_message_is_refused_and_writes_nothing(
    client: FlaskClient, sandbox: RunningSandbox, order: Order, spoil: Any
) -> None:
    body, headers = sandbox.letter(pay(sandbox, order))
    before = written()
    spoiled, signature = spoil(body, headers["Stripe-Signature"])

    answer = client.post(URL, data=spoiled, headers={"Stripe-Signature": signature})

    assert answer.status_code == 400
    assert answer.json == {
        "type": "/problems/forged-event",
        "title": "Signature refusée",
        "status": 400,
        "detail": "Ce message ne vient pas de Stripe, ou il est trop ancien.",
    }
    assert written() == before
    assert order.status is OrderStatus.PENDING


def test_a_message_signed_with_another_secret_is_refused(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    event = pay(sandbox, order)
    sandbox.turn(wrong_signature=True)

    assert tell(client, sandbox, event) == 400


@pytest.mark.parametrize(("age", "status"), [(299, 200), (301, 400)])
def test_a_signature_holds_for_five_minutes(
    client: FlaskClient, sandbox: RunningSandbox, order: Order, age: int, status: int
) -> None:
    body, headers = sandbox.letter(pay(sandbox, order))
    signed_at = int(headers["Stripe-Signature"].split(",")[0].removeprefix("t="))

    with time_machine.travel(signed_at + age, tick=False):
        assert client.post(URL, data=body, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"amount_total": 62099}, "payé 62099 centimes au lieu de 62100"),
        ({"amount_total": 62101}, "payé 62101 centimes au lieu de 62100"),
        ({"currency": "usd"}, "payé en USD au lieu d’euros"),
        ({"livemode": True}, "un paiement d’essai pour de vrais comptes, ou l’inverse"),
        ({"client_reference_id": "2026-XXXX-XXXX"}, "aucune commande '2026-XXXX-XXXX'"),
    ],
)
def test_what_does_not_fit_the_order_counts_nothing_and_is_kept_with_its_reason(
    client: FlaskClient, sandbox: RunningSandbox, order: Order, change: dict[str, Any], detail: str
) -> None:
    event = pay(sandbox, order)
    amend(sandbox, page_of(order), change)

    assert tell(client, sandbox, event) == 200

    kept = db.session.scalars(sa.select(GatewayEvent)).one()
    assert (kept.outcome, kept.detail) == (EventOutcome.REFUSED, detail)
    tell(client, sandbox, event | {"id": "evt_another"})
    assert db.session.scalars(sa.select(PaymentAlert.problem)).all() == [detail]
    assert count(Payment) == 0
    assert order.status is OrderStatus.PENDING


def test_what_the_message_itself_claims_is_not_believed(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    event = pay(sandbox, order)
    sandbox.turn(other_amount=1)

    assert tell(client, sandbox, event) == 200

    assert order.paid_cents == order.total_cents


def test_a_message_is_taken_at_once_although_stripe_itself_does_not_answer(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    event = pay(sandbox, order)
    sandbox.turn(reset_next=5)

    assert tell(client, sandbox, event) == 200

    before = order.status
    sandbox.turn(reset_next=0)
    assert deal_with_them(now=clock.now() + timedelta(minutes=2)) == 1
    assert (before, order.status) == (OrderStatus.PENDING, OrderStatus.CONFIRMED)


def test_nothing_is_asked_while_stripe_waits_for_the_answer(
    client: FlaskClient, sandbox: RunningSandbox, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(gateway, "look_up", asked.append)

    assert post(client, sandbox, pay(sandbox, order)) == 200

    kept = db.session.scalars(sa.select(GatewayEvent)).one()
    assert (kept.state, kept.session_id, asked) == (EventState.WAITING, page_of(order), [])
    assert order.status is OrderStatus.PENDING


def test_a_message_of_another_kind_is_kept_and_changes_nothing(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    pay(sandbox, order)
    (event,) = sandbox.events("charge.succeeded")

    assert tell(client, sandbox, event) == 200

    assert order.status is OrderStatus.PENDING
    assert db.session.scalars(sa.select(GatewayEvent.kind)).all() == ["charge.succeeded"]


def test_a_get_is_no_message(client: FlaskClient) -> None:
    assert client.get(URL).status_code == 405


def amend(sandbox: RunningSandbox, session_id: str, change: dict[str, Any]) -> None:
    store = sandbox.sandbox.store
    session = store.find("checkout.session", session_id)
    assert session is not None
    with store.transaction():
        store.put(session | change)

"""A page without a payment: its card is kept for a customer."""

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from eventsapp.demo.sandbox import RunningSandbox, buyer, running_sandbox


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.reset()
    return served


@pytest.fixture
def customer_id(sandbox: RunningSandbox) -> str:
    opened = sandbox.open_session(customer_creation="always")
    sandbox.pay(opened.id)
    (customer,) = sandbox.objects("customer")
    return str(customer["id"])


def open_setup(sandbox: RunningSandbox, **params: Any) -> stripe.checkout.Session:
    wanted: Any = {"mode": "setup", "success_url": "http://shop.example/carte?page={CHECKOUT_SESSION_ID}"} | params
    return sandbox.client().v1.checkout.sessions.create(params=wanted)


def shown(sandbox: RunningSandbox, session_id: str) -> stripe.checkout.Session:
    return sandbox.client().v1.checkout.sessions.retrieve(
        session_id, {"expand": ["payment_intent.latest_charge", "setup_intent.payment_method"]}
    )


def test_a_card_is_kept_and_nothing_charged(sandbox: RunningSandbox, customer_id: str) -> None:
    opened = open_setup(sandbox, customer=customer_id)
    assert (opened.status, opened.payment_status, opened.amount_total) == ("open", "no_payment_required", None)
    page = buyer.visit(opened.url or "").text
    assert "Rien à payer aujourd’hui" in page

    landing = sandbox.pay(opened.id)

    assert landing.location == f"http://shop.example/carte?page={opened.id}"
    session = shown(sandbox, opened.id)
    assert (session.status, session.payment_status, session.payment_intent) == ("complete", "no_payment_required", None)
    assert isinstance(session.setup_intent, stripe.SetupIntent)
    assert session.setup_intent.status == "succeeded"
    method = session.setup_intent.payment_method
    assert isinstance(method, stripe.PaymentMethod)
    assert method.card is not None
    assert (method.customer, method.card.last4) == (customer_id, "4242")
    assert len(sandbox.objects("charge")) == 1  # of the page before
    told = [event["type"] for event in sandbox.events() if event["data"]["object"].get("id") == opened.id]
    assert told == ["checkout.session.completed"]
    assert buyer.visit(f"{sandbox.url}/").status == 200


def test_a_refused_card_keeps_the_page_open_and_another_is_kept(sandbox: RunningSandbox, customer_id: str) -> None:
    opened = open_setup(sandbox, customer=customer_id)

    refused = sandbox.pay(opened.id, card=buyer.DECLINED)
    assert (refused.status, "La carte est refusée" in refused.text) == (402, True)
    challenge = sandbox.pay(opened.id, card=buyer.CHALLENGED).location or ""
    assert buyer.answer_challenge(challenge, accept=False).status == 303
    assert shown(sandbox, opened.id).status == "open"

    sandbox.pay(opened.id, card=buyer.CHALLENGED)
    buyer.answer_challenge(challenge)
    assert shown(sandbox, opened.id).status == "complete"


def test_one_that_is_closed_keeps_nothing(sandbox: RunningSandbox, customer_id: str) -> None:
    opened = open_setup(sandbox, customer=customer_id)
    sandbox.pay(opened.id, card=buyer.DECLINED)

    closed = sandbox.client().v1.checkout.sessions.expire(opened.id)

    assert closed.status == "expired"
    assert shown(sandbox, opened.id).setup_intent.status == "canceled"  # type: ignore[union-attr]
    assert sandbox.pay(opened.id).status == 410


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "for a customer only"),
        ({"customer": "cus_x"}, "No such customer"),
        ({"customer": "cus_x", "payment_intent_data": {"description": "x"}}, "can not pass"),
    ],
)
def test_what_stripe_refuses_is_refused(sandbox: RunningSandbox, params: dict[str, Any], message: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=message):
        open_setup(sandbox, **params)

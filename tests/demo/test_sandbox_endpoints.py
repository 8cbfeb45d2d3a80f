"""Every endpoint through the real SDK."""

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


def make_payment(sandbox: RunningSandbox, **params: Any) -> stripe.PaymentIntent:
    session = sandbox.open_session(**params)
    sandbox.pay(session.id)
    return sandbox.client().v1.payment_intents.retrieve(sandbox.objects("payment_intent")[0]["id"])


def test_a_new_session_is_open_and_says_what_was_asked(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session(
        cents=12900, client_reference_id="2026-0001", metadata={"order": "7", "empty": ""}, customer_email="a@b.fr"
    )

    assert (session.status, session.payment_status, session.mode) == ("open", "unpaid", "payment")
    assert (session.amount_total, session.currency) == (12900, "eur")
    assert (session.client_reference_id, session.customer_email) == ("2026-0001", "a@b.fr")
    assert session.metadata is not None
    assert session.metadata.to_dict() == {"order": "7"}
    assert session.url == f"{sandbox.url}/c/pay/{session.id}"
    assert session.payment_intent is None
    assert session.expires_at - session.created == 24 * 60 * 60


def test_a_session_is_read_back_as_it_was_made(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    assert sandbox.client().v1.checkout.sessions.retrieve(session.id).to_dict() == session.to_dict()


def test_amounts_multiply_by_quantity(sandbox: RunningSandbox) -> None:
    price = {"currency": "eur", "unit_amount": 4550, "product_data": {"name": "Repas"}}
    session = sandbox.open_session(line_items=[{"price_data": price, "quantity": 3}])

    lines = sandbox.client().v1.checkout.sessions.line_items.list(session.id)

    assert session.amount_total == 13650
    assert [(line.description, line.quantity, line.amount_total) for line in lines.data] == [("Repas", 3, 13650)]


def test_semantic_refusals_reach_the_sdk(sandbox: RunningSandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        sandbox.open_session(cents=49)
    assert refusal.value.code == "amount_too_small"
    with pytest.raises(stripe.InvalidRequestError, match="at least 30 minutes"):
        sandbox.open_session(expires_at=sandbox.sandbox.clock.now() + 60)
    with pytest.raises(stripe.InvalidRequestError, match="less than 24 hours"):
        sandbox.open_session(expires_at=sandbox.sandbox.clock.now() + 25 * 60 * 60)


def test_expanding_puts_objects_in_place_of_ids(sandbox: RunningSandbox) -> None:
    intent = make_payment(sandbox)
    session_id = sandbox.objects("checkout.session")[0]["id"]

    session = sandbox.client().v1.checkout.sessions.retrieve(
        session_id, params={"expand": ["payment_intent.latest_charge", "line_items"]}
    )

    assert isinstance(session.payment_intent, stripe.PaymentIntent)
    assert session.payment_intent.id == intent.id
    assert isinstance(session.payment_intent.latest_charge, stripe.Charge)
    assert session.payment_intent.latest_charge.amount == 12900
    assert session.line_items is not None
    assert [line.description for line in session.line_items.data] == ["Journée d'étude"]


@pytest.mark.parametrize("path", ["nothing", "payment_intent.nothing", "a.b.c.d.e"])
def test_what_cannot_be_expanded_is_refused(sandbox: RunningSandbox, path: str) -> None:
    make_payment(sandbox)
    session_id = sandbox.objects("checkout.session")[0]["id"]

    with pytest.raises(stripe.InvalidRequestError, match="expand"):
        sandbox.client().v1.checkout.sessions.retrieve(session_id, params={"expand": [path]})


def test_a_payment_and_its_charge_are_read(sandbox: RunningSandbox) -> None:
    intent = make_payment(sandbox, payment_intent_data={"description": "Journée", "metadata": {"order": "7"}})
    charge = sandbox.client().v1.charges.retrieve(str(intent.latest_charge))

    assert (intent.status, intent.amount_received, intent.description) == ("succeeded", 12900, "Journée")
    assert intent.metadata.to_dict() == {"order": "7"}
    assert (charge.paid, charge.status, charge.payment_intent) == (True, "succeeded", intent.id)
    assert charge.billing_details.email == "camille@example.org"
    assert charge.payment_method_details is not None
    assert charge.payment_method_details.card is not None
    assert charge.payment_method_details.card.last4 == "4242"


def test_sessions_are_filtered_by_status_and_payment(sandbox: RunningSandbox) -> None:
    intent = make_payment(sandbox)
    sandbox.open_session()
    expired = sandbox.open_session()
    sessions = sandbox.client().v1.checkout.sessions
    sessions.expire(expired.id)

    assert [session.status for session in sessions.list(params={"status": "open"})] == ["open"]
    assert [session.id for session in sessions.list(params={"status": "expired"})] == [expired.id]
    assert [session.payment_intent for session in sessions.list(params={"payment_intent": intent.id})] == [intent.id]
    assert sessions.list(params={"payment_intent": "pi_other"}).data == []


def test_payments_refunds_and_disputes_are_listed(sandbox: RunningSandbox) -> None:
    first, second = make_payment(sandbox), make_payment(sandbox)
    v1 = sandbox.client().v1
    v1.refunds.create(params={"payment_intent": first.id, "amount": 100})
    v1.refunds.create(params={"payment_intent": first.id, "amount": 200})
    v1.refunds.create(params={"payment_intent": second.id})
    sandbox.dispute_in_dashboard(first.id)

    assert [intent.id for intent in v1.payment_intents.list()] == [second.id, first.id]
    assert [refund.amount for refund in v1.refunds.list(params={"payment_intent": first.id})] == [200, 100]
    assert [refund.amount for refund in v1.refunds.list(params={"charge": str(second.latest_charge)})] == [12900]
    assert [dispute.payment_intent for dispute in v1.disputes.list(params={"payment_intent": first.id})] == [first.id]
    assert v1.disputes.list(params={"payment_intent": second.id}).data == []


def test_a_charge_shows_its_refunds_when_asked(sandbox: RunningSandbox) -> None:
    intent = make_payment(sandbox)
    v1 = sandbox.client().v1
    v1.refunds.create(params={"payment_intent": intent.id, "amount": 100})

    charge = v1.charges.retrieve(str(intent.latest_charge), params={"expand": ["refunds"]})

    assert charge.refunds is not None
    assert [refund.amount for refund in charge.refunds.data] == [100]


def test_events_are_listed_by_type_and_read(sandbox: RunningSandbox) -> None:
    sandbox.pay(sandbox.open_session().id, card=buyer.DECLINED)
    make_payment(sandbox)
    events = sandbox.client().v1.events

    assert [event.type for event in events.list(params={"type": "checkout.session.completed"})] == [
        "checkout.session.completed"
    ]
    assert [event.type for event in events.list(params={"type": "charge.*"})] == ["charge.succeeded", "charge.failed"]
    assert {event.type for event in events.list(params={"types": ["charge.failed", "payment_intent.created"]})} == {
        "charge.failed",
        "payment_intent.created",
    }
    latest = events.list(params={"limit": 1}).data[0]
    assert events.retrieve(latest.id).to_dict() == latest.to_dict()
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        events.list(params={"type": "charge.failed", "types": ["charge.failed"]})


def test_an_event_tells_the_call_that_made_it(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    sandbox.client().v1.checkout.sessions.expire(session.id, options={"idempotency_key": "expire-1"})

    (event,) = sandbox.events("checkout.session.expired")
    assert event["request"]["idempotency_key"] == "expire-1"
    assert event["request"]["id"].startswith("req_")
    assert event["api_version"] == stripe.api_version


@pytest.mark.parametrize(
    "params",
    [{"customer": "cus_1"}, {"customer_details": {"email": "a@b.fr"}}, {"subscription": "sub_1"}],
    ids=["customer", "customer_details", "subscription"],
)
def test_a_filter_the_sandbox_cannot_apply_is_refused_rather_than_ignored(sandbox: RunningSandbox, params: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.client().v1.checkout.sessions.list(params=params)

"""The objects look like Stripe's, field by field, as the SDK's classes describe them."""

from collections.abc import Iterator
from typing import Any, get_args

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


def differences(thing: dict[str, Any], resource: type, at: str) -> list[str]:
    """Return where the object has a field the SDK does not know, or lacks one that is never null."""
    fields = {
        name: hint
        for base in resource.__mro__
        for name, hint in getattr(base, "__annotations__", {}).items()
        if not name.startswith("_") and name != "OBJECT_NAME"
    }
    found = [f"{at}.{name}: unknown to the SDK" for name in thing if name not in fields]
    found += [
        f"{at}.{name}: missing"
        for name, hint in fields.items()
        if type(None) not in get_args(hint) and thing.get(name) is None
    ]
    inner = getattr(resource, "_inner_class_types", {})
    for name, value in thing.items():
        values = value if isinstance(value, list) else [value]
        for part in values:
            if name in inner and isinstance(part, dict):
                found += differences(part, inner[name], f"{at}.{name}")
    return found


RESOURCES: dict[str, type] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
}


def test_every_object_in_every_state_has_the_fields_of_the_sdk(sandbox: RunningSandbox) -> None:
    sandbox.open_session(metadata={"order": "1"}, client_reference_id="ref")
    declined = sandbox.open_session()
    sandbox.pay(declined.id, card=buyer.DECLINED)
    sandbox.client().v1.checkout.sessions.expire(declined.id)
    challenged = sandbox.open_session(payment_intent_data={"description": "Journée", "metadata": {"order": "1"}})
    page = sandbox.pay(challenged.id, card=buyer.CHALLENGED).location or ""
    waiting = sandbox.objects("payment_intent")
    buyer.answer_challenge(page)
    intent = sandbox.objects("payment_intent")[0]["id"]
    sandbox.refund_in_dashboard(intent, amount=100)
    sandbox.dispute_in_dashboard(intent)

    found = [
        difference
        for kind, resource in RESOURCES.items()
        for thing in sandbox.objects(kind) + (waiting if kind == "payment_intent" else [])
        for difference in differences(thing, resource, kind)
    ]

    assert found == []
    assert all(sandbox.objects(kind) for kind in RESOURCES)


def test_line_items_and_balance_have_the_fields_of_the_sdk(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()
    shown = sandbox.client().v1.checkout.sessions.retrieve(session.id, params={"expand": ["line_items"]}).to_dict()
    (item,) = shown["line_items"]["data"]

    assert differences(item, stripe.LineItem, "item") == []
    assert differences(item["price"], stripe.Price, "price") == []
    assert differences(sandbox.client().v1.balance.retrieve().to_dict(), stripe.Balance, "balance") == []


def test_the_comparison_itself_finds_what_is_wrong() -> None:
    refund = {"id": "re_1", "object": "refund", "amount": 1, "created": 1, "amont": 1}

    assert differences(refund, stripe.Refund, "refund") == [
        "refund.amont: unknown to the SDK",
        "refund.currency: missing",
    ]


def test_ids_have_the_prefixes_of_stripe_and_nothing_is_live(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()
    sandbox.pay(session.id)
    intent = sandbox.objects("payment_intent")[0]
    sandbox.refund_in_dashboard(intent["id"])
    prefixes = {
        "checkout.session": "cs_test_",
        "payment_intent": "pi_",
        "charge": "ch_",
        "refund": "re_",
        "event": "evt_",
    }

    for kind, prefix in prefixes.items():
        assert {thing["id"].startswith(prefix) for thing in sandbox.objects(kind)} == {True}
        assert {thing.get("livemode", False) for thing in sandbox.objects(kind)} == {False}


def test_nothing_of_the_sandbox_s_own_is_shown(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()
    sandbox.pay(session.id)
    shown = sandbox.client().v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent"]})

    assert "_line_items" in (sandbox.sandbox.store.find("checkout.session", session.id) or {})
    assert '"_' not in str(shown)
    assert not any('"_' in str(event) or "'_" in str(event) for event in sandbox.events())

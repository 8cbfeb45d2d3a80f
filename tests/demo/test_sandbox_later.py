"""Cards that are kept, charged while their holder is away, and forgotten."""

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


def keep_card(sandbox: RunningSandbox, card: str = buyer.ACCEPTED) -> dict[str, Any]:
    """Pay a page that keeps its card; return what a later charge names."""
    session = sandbox.open_session(
        customer_creation="always", payment_intent_data={"setup_future_usage": "off_session"}
    )
    landing = sandbox.pay(session.id, card=card)
    if card == buyer.CHALLENGED:
        buyer.answer_challenge(landing.location or "")
    (method,) = sandbox.objects("payment_method")
    return {"customer": method["customer"], "payment_method": method["id"]}


def charge(sandbox: RunningSandbox, kept: dict[str, Any], *, key: str = "one", **values: Any) -> stripe.PaymentIntent:
    params: Any = {"amount": 12900, "currency": "eur", "off_session": True, "confirm": True} | kept | values
    return sandbox.client().v1.payment_intents.create(params=params, options={"idempotency_key": key})


def test_a_kept_card_is_charged_once_for_a_key(sandbox: RunningSandbox) -> None:
    kept = keep_card(sandbox)

    made = [charge(sandbox, kept, metadata={"order": "A"}) for _ in range(2)]

    assert {row.id for row in made} == {made[0].id}
    assert (made[0].status, made[0].amount_received, made[0].customer) == ("succeeded", 12900, kept["customer"])
    assert len(sandbox.objects("charge")) == 2  # with that of the page
    (listed,) = [
        row
        for row in sandbox.client().v1.payment_intents.list({"customer": kept["customer"]}).data
        if row.id == made[0].id
    ]
    assert listed.metadata.to_dict() == {"order": "A"}


@pytest.mark.parametrize(
    ("card", "code"),
    [(buyer.DECLINED_LATER, "card_declined"), (buyer.CHALLENGED, "authentication_required")],
)
def test_a_card_that_is_refused_later_says_why_and_the_try_is_kept(
    sandbox: RunningSandbox, card: str, code: str
) -> None:
    kept = keep_card(sandbox, card)

    for _again in range(2):
        with pytest.raises(stripe.CardError) as refusal:
            charge(sandbox, kept)
        assert (refusal.value.code, refusal.value.http_status) == (code, 402)

    tried = sandbox.objects("payment_intent")
    assert [row["status"] for row in tried if row["customer"] == kept["customer"] and not row["amount_received"]] == [
        "requires_payment_method"
    ]


def test_a_customer_that_is_forgotten_takes_its_card_along(sandbox: RunningSandbox) -> None:
    kept = keep_card(sandbox)

    assert sandbox.client().v1.customers.delete(kept["customer"]).deleted

    assert sandbox.client().v1.payment_methods.retrieve(kept["payment_method"]).customer is None
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        charge(sandbox, kept)
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        sandbox.client().v1.customers.delete(kept["customer"])


def test_a_page_that_was_not_asked_to_keeps_no_card(sandbox: RunningSandbox) -> None:
    sandbox.pay(sandbox.open_session().id)

    assert (sandbox.objects("customer"), sandbox.objects("payment_method")) == ([], [])
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        charge(sandbox, {"customer": "cus_x", "payment_method": "pm_x"})


def test_a_page_for_a_customer_keeps_the_card_with_that_one(sandbox: RunningSandbox) -> None:
    kept = keep_card(sandbox)
    wanted: dict[str, Any] = {
        "customer": kept["customer"],
        "payment_intent_data": {"setup_future_usage": "off_session"},
    }
    opened = sandbox.open_session(**wanted)
    buyer.pay(opened.url or "")

    session = sandbox.client().v1.checkout.sessions.retrieve(opened.id, {"expand": ["payment_intent"]})
    assert session.customer == kept["customer"]
    assert session.customer_creation is None
    assert isinstance(session.payment_intent, stripe.PaymentIntent)
    method = str(session.payment_intent.payment_method)
    assert sandbox.client().v1.payment_methods.retrieve(method).customer == kept["customer"]
    assert len(sandbox.objects("customer")) == 1

    sandbox.client().v1.customers.delete(kept["customer"])
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        sandbox.open_session(**wanted)
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        sandbox.open_session(**wanted, customer_creation="always")

"""Money that goes back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from eventsapp.demo import rules
from eventsapp.demo.sandbox import RunningSandbox, buyer, running_sandbox


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.reset()
    return served


def make_payment(sandbox: RunningSandbox, *, card: str = buyer.ACCEPTED, cents: int = 1000) -> str:
    """Return the id of a payment attempted with that card."""
    sandbox.pay(sandbox.open_session(cents=cents).id, card=card)
    intent_id: str = sandbox.objects("payment_intent")[0]["id"]
    return intent_id


def refund(sandbox: RunningSandbox, **params: Any) -> stripe.Refund:
    wanted: Any = params
    return sandbox.client().v1.refunds.create(params=wanted)


def test_a_refund_without_an_amount_gives_all_back(sandbox: RunningSandbox) -> None:
    payment = make_payment(sandbox)

    made = refund(sandbox, payment_intent=payment, reason="requested_by_customer", metadata={"credit_note": "A-1"})

    assert (made.amount, made.status, made.payment_intent) == (1000, "succeeded", payment)
    assert (made.reason, made.metadata and made.metadata.to_dict()) == ("requested_by_customer", {"credit_note": "A-1"})
    (charge,) = sandbox.objects("charge")
    assert (charge["amount_refunded"], charge["refunded"]) == (1000, True)
    assert sandbox.client().v1.refunds.retrieve(made.id).to_dict() == made.to_dict()


def test_parts_add_up_and_never_exceed_what_was_paid(sandbox: RunningSandbox) -> None:
    payment = make_payment(sandbox)
    refund(sandbox, payment_intent=payment, amount=400)
    refund(sandbox, charge=sandbox.objects("charge")[0]["id"], amount=500)

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as refusal:
        refund(sandbox, payment_intent=payment, amount=101)
    assert refusal.value.param == "amount"
    assert not sandbox.objects("charge")[0]["refunded"]
    assert refund(sandbox, payment_intent=payment).amount == 100
    with pytest.raises(stripe.InvalidRequestError) as over:
        refund(sandbox, payment_intent=payment)

    assert over.value.code == "charge_already_refunded"
    assert sum(thing["amount"] for thing in sandbox.objects("refund")) == 1000


def test_ten_refunds_at_once_give_no_more_than_was_paid(sandbox: RunningSandbox) -> None:
    payment = make_payment(sandbox)

    def attempt(_rank: int) -> bool:
        try:
            refund(sandbox, payment_intent=payment, amount=300)
        except stripe.InvalidRequestError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(attempt, range(10))) == 3

    assert sandbox.objects("charge")[0]["amount_refunded"] == 900


def test_a_refund_is_told_in_two_events(sandbox: RunningSandbox) -> None:
    payment = make_payment(sandbox)

    made = refund(sandbox, payment_intent=payment, amount=400)

    (refunded,) = sandbox.events("charge.refunded")
    assert refunded["data"]["object"]["amount_refunded"] == 400
    (created,) = sandbox.events("refund.created")
    assert created["data"]["object"]["id"] == made.id


@pytest.mark.parametrize("card", [buyer.DECLINED, buyer.CHALLENGED])
def test_what_was_not_paid_cannot_be_refunded(sandbox: RunningSandbox, card: str) -> None:
    payment = make_payment(sandbox, card=card)

    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        refund(sandbox, payment_intent=payment)


def test_a_declined_charge_cannot_be_refunded(sandbox: RunningSandbox) -> None:
    make_payment(sandbox, card=buyer.DECLINED)

    with pytest.raises(stripe.InvalidRequestError, match="nothing to give back"):
        refund(sandbox, charge=sandbox.objects("charge")[0]["id"])


def test_a_refund_of_nothing_known_is_refused(sandbox: RunningSandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as missing:
        refund(sandbox, payment_intent="pi_other")
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as nothing:
        refund(sandbox, amount=100)
    assert nothing.value.code == "parameter_missing"


def test_a_refund_in_the_dashboard_is_known_to_the_api(sandbox: RunningSandbox) -> None:
    payment = make_payment(sandbox)

    made = sandbox.refund_in_dashboard(payment, amount=250)

    assert [thing.id for thing in sandbox.client().v1.refunds.list(params={"payment_intent": payment})] == [made["id"]]
    (event,) = sandbox.events("charge.refunded")
    assert event["request"] == {"id": None, "idempotency_key": None}


def test_a_dispute_marks_the_charge_and_stops_refunds(sandbox: RunningSandbox) -> None:
    payment = make_payment(sandbox)

    made = sandbox.dispute_in_dashboard(payment, reason="product_not_received")

    (event,) = sandbox.events("charge.dispute.created")
    assert event["data"]["object"] == made
    read = sandbox.client().v1.disputes.retrieve(made["id"])
    assert (read.amount, read.reason, read.status) == (1000, "product_not_received", "needs_response")
    assert sandbox.objects("charge")[0]["disputed"] is True
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(sandbox, payment_intent=payment)
    assert refusal.value.code == "charge_disputed"


def test_a_card_payment_of_the_demonstration_is_known_by_its_name_and_given_back(sandbox: RunningSandbox) -> None:
    payment = rules.card_payment_id("demo-carte", cents=24900)

    made = refund(sandbox, payment_intent=payment, amount=10000)

    assert (made.status, made.payment_intent) == ("succeeded", payment)
    assert refund(sandbox, payment_intent=payment).amount == 14900
    with pytest.raises(stripe.InvalidRequestError) as over:
        refund(sandbox, payment_intent=payment, amount=1)
    assert over.value.code == "charge_already_refunded"
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        refund(sandbox, payment_intent="pi_demo_carte")
    assert unknown.value.code == "resource_missing"

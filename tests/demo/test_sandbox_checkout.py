"""What can happen to a session."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import stripe

from eventsapp.demo.sandbox import RunningSandbox, buyer, checkout, running_sandbox
from eventsapp.demo.sandbox.cards import read_card
from eventsapp.demo.sandbox.errors import SessionClosedError


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.reset()
    return served


def retrieve(sandbox: RunningSandbox, session_id: str) -> stripe.checkout.Session:
    return sandbox.client().v1.checkout.sessions.retrieve(session_id)


def kinds_of_events(sandbox: RunningSandbox) -> list[str]:
    """Return the types of the events, the oldest first."""
    return [event["type"] for event in reversed(sandbox.events())]


def test_a_paid_session_is_complete_and_tells_it_in_three_events(sandbox: RunningSandbox) -> None:
    opened = sandbox.open_session()

    sandbox.pay(opened.id)

    session = retrieve(sandbox, opened.id)
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.customer_details is not None
    assert (session.customer_details.email, session.customer_details.name) == ("camille@example.org", "Camille Essai")
    assert kinds_of_events(sandbox) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    (event,) = sandbox.events("checkout.session.completed")
    assert event["data"]["object"] == session.to_dict()


def test_a_declined_session_stays_open_and_can_be_paid_with_another_card(sandbox: RunningSandbox) -> None:
    opened = sandbox.open_session()

    sandbox.pay(opened.id, card=buyer.INSUFFICIENT_FUNDS)

    session = retrieve(sandbox, opened.id)
    assert (session.status, session.payment_status, session.url) == ("open", "unpaid", opened.url)
    intent = sandbox.client().v1.payment_intents.retrieve(str(session.payment_intent))
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None
    assert (intent.last_payment_error.code, intent.last_payment_error.decline_code) == (
        "card_declined",
        "insufficient_funds",
    )

    sandbox.pay(opened.id)

    assert retrieve(sandbox, opened.id).status == "complete"
    assert [charge["status"] for charge in sandbox.objects("charge")] == ["succeeded", "failed"]
    assert len(sandbox.objects("payment_intent")) == 1
    assert kinds_of_events(sandbox)[:3] == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    paid = sandbox.objects("payment_intent")[0]
    assert (paid["status"], paid["last_payment_error"]) == ("succeeded", None)


@pytest.mark.parametrize(("accept", "status"), [(True, "complete"), (False, "open")])
def test_a_challenge_decides_whether_the_session_is_paid(sandbox: RunningSandbox, accept: bool, status: str) -> None:
    opened = sandbox.open_session()
    page = sandbox.pay(opened.id, card=buyer.CHALLENGED).location or ""
    assert sandbox.objects("payment_intent")[0]["status"] == "requires_action"
    assert sandbox.objects("charge") == []

    buyer.answer_challenge(page, accept=accept)

    assert retrieve(sandbox, opened.id).status == status
    (charge,) = sandbox.objects("charge")
    assert charge["paid"] is accept
    assert charge["failure_code"] == (None if accept else "payment_intent_authentication_failure")


def test_an_open_session_can_be_expired_once(sandbox: RunningSandbox) -> None:
    opened = sandbox.open_session(customer_email="a@b.fr")
    sessions = sandbox.client().v1.checkout.sessions

    session = sessions.expire(opened.id)

    assert (session.status, session.payment_status, session.url) == ("expired", "unpaid", None)
    assert kinds_of_events(sandbox) == ["checkout.session.expired"]
    with pytest.raises(stripe.InvalidRequestError, match="has a status of `expired`") as refusal:
        sessions.expire(opened.id)
    assert refusal.value.http_status == 400
    assert len(sandbox.events()) == 1


def test_a_complete_session_cannot_be_expired(sandbox: RunningSandbox) -> None:
    opened = sandbox.open_session()
    sandbox.pay(opened.id)

    with pytest.raises(stripe.InvalidRequestError, match="has a status of `complete`"):
        sandbox.client().v1.checkout.sessions.expire(opened.id)

    assert retrieve(sandbox, opened.id).status == "complete"


def test_expiring_cancels_the_payment_begun(sandbox: RunningSandbox) -> None:
    opened = sandbox.open_session()
    sandbox.pay(opened.id, card=buyer.CHALLENGED)

    sandbox.client().v1.checkout.sessions.expire(opened.id)

    (intent,) = sandbox.objects("payment_intent")
    assert (intent["status"], intent["next_action"]) == ("canceled", None)
    assert "payment_intent.canceled" in kinds_of_events(sandbox)


def test_a_session_expires_when_its_time_is_up(sandbox: RunningSandbox) -> None:
    opened = sandbox.open_session(expires_at=sandbox.sandbox.clock.now() + 30 * 60)
    later = sandbox.open_session()

    sandbox.turn(clock_ahead_seconds=30 * 60)

    assert retrieve(sandbox, opened.id).status == "expired"
    assert retrieve(sandbox, later.id).status == "open"
    assert kinds_of_events(sandbox) == ["checkout.session.expired"]
    assert sandbox.pay(opened.id).status == 410
    assert sandbox.objects("charge") == []


def test_a_session_expires_without_anybody_asking(sandbox: RunningSandbox) -> None:
    sandbox.open_session()
    sandbox.turn(clock_ahead_seconds=24 * 60 * 60)

    # The postman looks about once a second.
    for _ in range(300):
        if sandbox.events("checkout.session.expired"):
            break
        sandbox.sandbox.stopping.wait(0.01)

    assert sandbox.objects("checkout.session")[0]["status"] == "expired"


@pytest.mark.parametrize("closed_by", ["paying", "expiring"])
def test_a_session_closed_between_page_and_payment_is_not_paid(sandbox: RunningSandbox, closed_by: str) -> None:
    opened = sandbox.open_session()
    typed, _ = read_card({"number": buyer.ACCEPTED, "expiry": "12/34", "cvc": "123"}, today=date(2026, 11, 23))
    assert typed
    payer = checkout.Buyer(email="a@b.fr", holder="Élise Roux", typed=typed)
    sandbox.pay(opened.id, card=buyer.CHALLENGED)
    if closed_by == "paying":
        sandbox.pay(opened.id)
    else:
        sandbox.client().v1.checkout.sessions.expire(opened.id)
    before = sandbox.events()

    with pytest.raises(SessionClosedError):
        checkout.pay(sandbox.sandbox, opened.id, payer)
    with pytest.raises(SessionClosedError):
        checkout.answer_challenge(sandbox.sandbox, opened.id, accepted=True)

    assert sandbox.events() == before


def test_ten_clicks_at_once_pay_once(sandbox: RunningSandbox) -> None:
    opened = sandbox.open_session()

    with ThreadPoolExecutor(10) as pool:
        landings = list(pool.map(lambda _: sandbox.pay(opened.id), range(10)))

    assert {(landing.status, landing.location) for landing in landings} == {
        (303, f"http://shop.example/merci?session={opened.id}")
    }
    assert len(sandbox.objects("charge")) == 1
    assert len(sandbox.events("checkout.session.completed")) == 1

"""Idempotency keys, through the real SDK."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from eventsapp.demo.sandbox import RunningSandbox, running_sandbox


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.reset()
    return served


def create(
    sandbox: RunningSandbox, key: str | None, *, cents: int = 12900, max_network_retries: int = 0
) -> stripe.checkout.Session:
    params: Any = {
        "mode": "payment",
        "success_url": "http://shop.example/",
        "line_items": [
            {
                "price_data": {"currency": "eur", "unit_amount": cents, "product_data": {"name": "Journée"}},
                "quantity": 1,
            }
        ],
    }
    options: Any = {"idempotency_key": key} if key else {}
    client = sandbox.client(max_network_retries=max_network_retries)
    return client.v1.checkout.sessions.create(params=params, options=options)


def headers_of(session: stripe.checkout.Session) -> Any:
    assert session.last_response
    return session.last_response.headers


def test_the_same_key_and_parameters_get_the_same_session(sandbox: RunningSandbox) -> None:
    first = create(sandbox, "pay-1")
    again = create(sandbox, "pay-1")

    assert again.to_dict() == first.to_dict()
    assert "Idempotent-Replayed" not in headers_of(first)
    assert headers_of(again)["Idempotent-Replayed"] == "true"
    assert headers_of(again)["Original-Request"] == headers_of(first)["Request-Id"]
    assert len(sandbox.objects("checkout.session")) == 1


def test_without_a_key_every_call_makes_a_session(sandbox: RunningSandbox) -> None:
    assert create(sandbox, None).id != create(sandbox, None).id


def test_the_answer_replayed_is_the_one_of_then(sandbox: RunningSandbox) -> None:
    first = create(sandbox, "pay-1")
    sandbox.client().v1.checkout.sessions.expire(first.id)

    assert create(sandbox, "pay-1").status == "open"


def test_other_parameters_under_the_same_key_are_refused(sandbox: RunningSandbox) -> None:
    create(sandbox, "pay-1")

    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        create(sandbox, "pay-1", cents=13000)

    assert len(sandbox.objects("checkout.session")) == 1


def test_another_endpoint_under_the_same_key_is_refused(sandbox: RunningSandbox) -> None:
    session = create(sandbox, "pay-1")

    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        sandbox.client().v1.checkout.sessions.expire(session.id, options={"idempotency_key": "pay-1"})


def test_a_key_is_forgotten_after_a_day(sandbox: RunningSandbox) -> None:
    first = create(sandbox, "pay-1")
    sandbox.turn(clock_ahead_seconds=24 * 60 * 60 + 5)

    assert create(sandbox, "pay-1", cents=13000).id != first.id


def test_a_refusal_is_replayed_too(sandbox: RunningSandbox) -> None:
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            create(sandbox, "pay-1", cents=1)
        assert refusal.value.code == "amount_too_small"

    with pytest.raises(stripe.IdempotencyError):
        create(sandbox, "pay-1")


def test_a_500_is_replayed_and_the_sdk_is_told_not_to_insist(sandbox: RunningSandbox) -> None:
    sandbox.turn(fail_next=1)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as trouble:
            create(sandbox, "pay-1", max_network_retries=2)
        headers: Any = trouble.value.headers
        assert (trouble.value.http_status, headers["Stripe-Should-Retry"]) == (500, "false")

    assert sandbox.objects("checkout.session") == []
    create(sandbox, "pay-2")


@pytest.mark.parametrize("status", [429, 503])
def test_a_call_turned_away_is_not_remembered(sandbox: RunningSandbox, status: int) -> None:
    sandbox.turn(fail_next=1, fail_status=status)
    with pytest.raises(stripe.StripeError):
        create(sandbox, "pay-1")

    create(sandbox, "pay-1")

    assert len(sandbox.objects("checkout.session")) == 1


def test_malformed_parameters_do_not_use_the_key_up(sandbox: RunningSandbox) -> None:
    params: Any = {"mode": "paiement"}
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.client().v1.checkout.sessions.create(params=params, options={"idempotency_key": "pay-1"})

    create(sandbox, "pay-1")


def test_a_key_in_use_by_a_call_not_yet_answered_is_refused() -> None:
    with running_sandbox() as sandbox, ThreadPoolExecutor(1) as pool:
        sandbox.turn(hang_next=1, hang_seconds=30.0)
        first = pool.submit(create, sandbox, "pay-1")
        while not sandbox.sandbox.answers.in_use("pay-1"):
            time.sleep(0.005)

        with pytest.raises(stripe.APIError) as refusal:
            create(sandbox, "pay-1")
        create(sandbox, "pay-2")
        sandbox.sandbox.stopping.set()
        first.result()

        assert refusal.value.http_status == 409
        assert '"code": "idempotency_key_in_use"' in str(refusal.value.http_body)
        assert len(sandbox.objects("checkout.session")) == 2


def test_many_calls_at_once_under_one_key_make_one_session(sandbox: RunningSandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        sessions = list(pool.map(lambda _: create(sandbox, "pay-1", max_network_retries=5), range(8)))

    assert len({session.id for session in sessions}) == 1
    assert len(sandbox.objects("checkout.session")) == 1


def test_after_a_reset_connection_the_same_key_gives_the_session_that_was_made(sandbox: RunningSandbox) -> None:
    sandbox.turn(reset_next=1)
    with pytest.raises(stripe.APIConnectionError, match="Connection aborted"):
        create(sandbox, "pay-1")
    (made,) = sandbox.objects("checkout.session")

    assert create(sandbox, "pay-1").id == made["id"]
    assert len(sandbox.objects("checkout.session")) == 1


def test_the_sdk_recovers_from_a_reset_connection_by_itself(sandbox: RunningSandbox) -> None:
    sandbox.turn(reset_next=1)

    session = create(sandbox, None, max_network_retries=1)

    assert [thing["id"] for thing in sandbox.objects("checkout.session")] == [session.id]


def test_a_key_longer_than_stripe_takes_is_refused(sandbox: RunningSandbox) -> None:
    with pytest.raises(stripe.IdempotencyError, match="255"):
        create(sandbox, "k" * 256)

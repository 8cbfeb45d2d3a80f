"""The API over HTTP, through the real SDK: keys, addresses, errors, faults."""

import time
from collections.abc import Iterator
from http.client import HTTPConnection

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


def get(sandbox: RunningSandbox, path: str, *, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
    """Return status, body and headers of one plain call."""
    connection = HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def test_an_unknown_parameter_is_refused_through_the_sdk(sandbox: RunningSandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        sandbox.open_session(succes_url="http://shop.example/")

    assert (refusal.value.http_status, refusal.value.code, refusal.value.param) == (
        400,
        "parameter_unknown",
        "succes_url",
    )


def test_a_missing_object_is_a_404_of_its_own(sandbox: RunningSandbox) -> None:
    v1 = sandbox.client().v1
    for retrieve in (
        v1.checkout.sessions.retrieve,
        v1.payment_intents.retrieve,
        v1.charges.retrieve,
        v1.refunds.retrieve,
        v1.disputes.retrieve,
        v1.events.retrieve,
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            retrieve("nothing")
        assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_an_object_is_not_found_under_another_kind(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        sandbox.client().v1.payment_intents.retrieve(session.id)


def test_an_address_that_is_not_spoken_is_a_404(sandbox: RunningSandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"Unrecognized request URL \(GET: /v1/customers\)"):
        sandbox.client().v1.customers.list()
    with pytest.raises(stripe.InvalidRequestError, match=r"Unrecognized request URL \(POST: /v1/products\)"):
        sandbox.client().v1.products.create(params={"name": "Abonnement"})


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("", 401),
        ("Bearer", 401),
        ("Bearer sk_live_1", 401),
        ("Bearer pk_test_1", 401),
        ("Bearer sk_test_1", 200),
        ("Basic c2tfdGVzdF8xOg==", 200),
        ("Basic c2tfbGl2ZV8xOg==", 401),
    ],
)
def test_a_secret_test_key_is_required(sandbox: RunningSandbox, authorization: str, status: int) -> None:
    answer, body, _ = get(sandbox, "/v1/balance", Authorization=authorization)

    assert answer == status
    assert ('"type": "invalid_request_error"' in body) == (status == 401)


def test_only_the_key_agreed_is_accepted_when_there_is_one() -> None:
    with running_sandbox(secret_key="sk_test_agreed") as sandbox:
        sandbox.client().v1.balance.retrieve()
        other = stripe.StripeClient("sk_test_other", base_addresses={"api": sandbox.url})

        with pytest.raises(stripe.AuthenticationError):
            other.v1.balance.retrieve()


def test_an_answer_carries_the_headers_of_stripe(sandbox: RunningSandbox) -> None:
    status, _, headers = get(
        sandbox, "/v1/balance", Authorization="Bearer sk_test_1", Stripe_Version="2026-10-28.endive"
    )

    assert status == 200
    assert headers["request-id"].startswith("req_")
    assert headers["stripe-version"] == "2026-10-28.endive"
    assert headers["content-type"] == "application/json"


def test_the_balance_counts_what_was_paid_and_given_back(sandbox: RunningSandbox) -> None:
    sandbox.pay(sandbox.open_session(cents=1000).id)
    sandbox.open_session(cents=777)
    sandbox.refund_in_dashboard(sandbox.objects("payment_intent")[0]["id"], amount=1)

    balance = sandbox.client().v1.balance.retrieve()

    assert [(part.amount, part.currency) for part in balance.pending] == [(999, "eur")]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, stripe.RateLimitError),
        (500, stripe.APIError),
        (503, stripe.APIError),
        (409, stripe.APIError),
        (402, stripe.CardError),
    ],
)
def test_the_next_call_fails_with_the_status_asked_for(
    sandbox: RunningSandbox, status: int, error: type[Exception]
) -> None:
    sandbox.turn(fail_next=1, fail_status=status)

    with pytest.raises(error) as trouble:
        sandbox.open_session()

    assert getattr(trouble.value, "http_status", None) == status
    assert sandbox.objects("checkout.session") == []
    sandbox.open_session()


def test_a_call_can_do_its_work_and_fail_all_the_same(sandbox: RunningSandbox) -> None:
    sandbox.turn(fail_next=1, fail_after_processing=True)

    with pytest.raises(stripe.APIError):
        sandbox.open_session()

    assert len(sandbox.objects("checkout.session")) == 1


def test_the_sdk_tries_a_503_again_by_itself(sandbox: RunningSandbox) -> None:
    sandbox.turn(fail_next=1, fail_status=503)

    sandbox.client(max_network_retries=1).v1.balance.retrieve()


def test_a_call_that_hangs_runs_into_the_client_s_timeout(sandbox: RunningSandbox) -> None:
    sandbox.turn(hang_next=1, hang_seconds=30.0)
    client = sandbox.client(timeout_seconds=0.2)
    began = time.monotonic()

    with pytest.raises(stripe.APIConnectionError, match="timed out"):
        client.v1.balance.retrieve()

    assert time.monotonic() - began < 5
    client.v1.balance.retrieve()


def test_an_answer_that_is_no_json_reaches_the_sdk_as_an_error(sandbox: RunningSandbox) -> None:
    sandbox.turn(nonsense_next=1)

    with pytest.raises(stripe.APIError, match="Invalid response body"):
        sandbox.client().v1.balance.retrieve()


def test_a_body_too_large_is_refused(sandbox: RunningSandbox) -> None:
    with pytest.raises(stripe.APIError):
        sandbox.open_session(client_reference_id="x" * 1_100_000)

    assert sandbox.objects("checkout.session") == []

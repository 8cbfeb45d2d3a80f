"""The control endpoints."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
import stripe

from eventsapp.demo.sandbox import RunningSandbox, create_sandbox, running_sandbox
from eventsapp.demo.sandbox.sandbox import Sandbox


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.reset()
    served.send_webhooks_to(None)
    return served


def call(sandbox: RunningSandbox, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """Post ``body`` as JSON, or get, and return status and answer."""
    connection = HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
    try:
        if body is None:
            connection.request("GET", path)
        else:
            sent = {"Content-Type": "application/json"} | {
                name.replace("_", "-"): text for name, text in headers.items()
            }
            connection.request("POST", path, body=json.dumps(body), headers=sent)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None
    finally:
        connection.close()


def test_knobs_are_read_and_turned(sandbox: RunningSandbox) -> None:
    status, knobs = call(sandbox, "/_sandbox/knobs", {"double": True, "delay_seconds": 1})

    assert (status, knobs["double"], knobs["delay_seconds"], knobs["drop"]) == (200, True, 1, False)
    assert call(sandbox, "/_sandbox/knobs") == (200, knobs)
    assert sandbox.sandbox.knobs.current.double is True
    assert call(sandbox, "/_sandbox/knobs/reset", {})[1]["double"] is False


@pytest.mark.parametrize("body", [{"doubble": True}, {"double": "yes"}, [1], "x"])
def test_a_wrong_turn_is_a_400_that_says_why(sandbox: RunningSandbox, body: object) -> None:
    status, answer = call(sandbox, "/_sandbox/knobs", body)

    assert status == 400
    assert answer["error"]["message"]


def test_the_dashboard_refunds_and_contests(sandbox: RunningSandbox) -> None:
    sandbox.pay(sandbox.open_session().id)
    intent = sandbox.objects("payment_intent")[0]["id"]

    status, refund = call(sandbox, "/_sandbox/dashboard/refund", {"payment_intent": intent, "amount": 100})
    assert (status, refund["amount"]) == (201, 100)
    status, dispute = call(sandbox, "/_sandbox/dashboard/dispute", {"payment_intent": intent})
    assert (status, dispute["status"]) == (201, "needs_response")

    assert {event["type"] for event in sandbox.events()} >= {
        "charge.refunded",
        "refund.created",
        "charge.dispute.created",
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [({"payment_intent": "pi_other"}, 404), ({"amount": "100"}, 400), ({"montant": 1}, 400), ({}, 400)],
    ids=str,
)
def test_the_dashboard_refuses_what_makes_no_sense(sandbox: RunningSandbox, body: object, status: int) -> None:
    assert call(sandbox, "/_sandbox/dashboard/refund", body)[0] == status


def test_deliveries_are_listed_and_events_sent_again(sandbox: RunningSandbox) -> None:
    sandbox.send_webhooks_to("http://127.0.0.1:9/")
    sandbox.turn(drop=True)
    sandbox.pay(sandbox.open_session().id)
    _, deliveries = call(sandbox, "/_sandbox/deliveries")
    assert [delivery["status"] for delivery in deliveries] == ["dropped"] * 4

    assert call(sandbox, f"/_sandbox/resend/{deliveries[0]['event']}", {})[0] == 202

    _, deliveries = call(sandbox, "/_sandbox/deliveries")
    assert len(deliveries) == 5
    assert call(sandbox, "/_sandbox/resend/evt_other", {})[0] == 404


def test_sending_again_needs_an_address(sandbox: RunningSandbox) -> None:
    sandbox.pay(sandbox.open_session().id)

    assert call(sandbox, f"/_sandbox/resend/{sandbox.events()[0]['id']}", {})[0] == 409


def test_an_object_can_be_amended_behind_the_seller_s_back(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    status, amended = call(sandbox, f"/_sandbox/amend/{session.id}", {"amount_total": 12901})

    assert (status, amended["amount_total"]) == (200, 12901)
    assert sandbox.client().v1.checkout.sessions.retrieve(session.id).amount_total == 12901
    assert call(sandbox, f"/_sandbox/amend/{session.id}", {"montant": 1})[0] == 400
    assert call(sandbox, f"/_sandbox/amend/{session.id}", {"_line_items": []})[0] == 400
    assert call(sandbox, "/_sandbox/amend/cs_test_other", {})[0] == 404


def test_everything_can_be_forgotten(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    assert call(sandbox, "/_sandbox/reset", {}) == (204, None)

    with pytest.raises(stripe.InvalidRequestError):
        sandbox.client().v1.checkout.sessions.retrieve(session.id)


PATHS = ["/", "/_sandbox/knobs", "/_sandbox/deliveries"]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("::ffff:127.0.0.1", True), ("192.0.2.1", False)],
)
@pytest.mark.parametrize("path", PATHS)
def test_only_this_machine_may_use_controls_and_board(address: str, allowed: bool, path: str) -> None:
    inside = Sandbox()
    client = create_sandbox(inside).test_client()

    answer = client.get(path, environ_overrides={"REMOTE_ADDR": address})
    inside.stop()

    assert answer.status_code == (200 if allowed else 403)


def test_the_payment_page_is_open_to_other_machines() -> None:
    inside = Sandbox()
    client = create_sandbox(inside).test_client()

    answer = client.get("/c/pay/cs_test_other", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    inside.stop()

    assert answer.status_code == 404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_cannot_turn_knobs(sandbox: RunningSandbox, origin: str) -> None:
    assert call(sandbox, "/_sandbox/knobs", {"drop": True}, Origin=origin)[0] == 403
    assert sandbox.sandbox.knobs.current.drop is False
    assert call(sandbox, "/_sandbox/knobs", {"drop": True}, Origin=sandbox.url)[0] == 200


def test_a_form_of_another_site_cannot_pass_as_json(sandbox: RunningSandbox) -> None:
    assert call(sandbox, "/_sandbox/knobs", {"drop": True}, Content_Type="text/plain")[0] == 415

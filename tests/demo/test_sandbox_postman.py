"""Webhooks: signed, sent, sent again, and spoilt on purpose."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from eventsapp.demo.sandbox import RunningSandbox, buyer, running_sandbox

SECRET = "whsec_agreed"


class Receiver:
    """A seller's webhook: keeps what arrives, answers what ``answers`` says, then 200."""

    def __init__(self) -> None:
        self.letters: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        self.busy = 0
        self.busiest = 0
        self.pause_seconds = 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.busy += 1
                receiver.busiest = max(receiver.busiest, receiver.busy)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(receiver.pause_seconds)
                receiver.letters.append((body, self.headers["Stripe-Signature"]))
                status = receiver.answers.pop(0) if receiver.answers else 200
                receiver.busy -= 1
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/paiement/stripe/webhook"

    def events(self) -> list[stripe.Event]:
        """Return what arrived, each letter verified by the SDK."""
        return [stripe.Webhook.construct_event(body, signature, SECRET) for body, signature in self.letters]

    def kinds(self) -> list[str]:
        return [event.type for event in self.events()]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(webhook_secret=SECRET) as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox, receiver: Receiver) -> RunningSandbox:
    served.reset()
    served.send_webhooks_to(receiver.url)
    return served


def pay(sandbox: RunningSandbox, **params: Any) -> stripe.checkout.Session:
    session = sandbox.open_session(**params)
    sandbox.pay(session.id)
    return session


def statuses(sandbox: RunningSandbox) -> set[str]:
    return {delivery["status"] for delivery in sandbox.objects("delivery")}


PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def test_events_arrive_in_order_with_a_signature_the_sdk_accepts(sandbox: RunningSandbox, receiver: Receiver) -> None:
    session = pay(sandbox, metadata={"name": "Élise « Roux »"})
    sandbox.wait_for_deliveries()

    events = receiver.events()

    assert [event.type for event in events] == PAID
    assert events[-1].api_version == stripe.api_version
    assert events[-1].livemode is False
    about = events[-1].data.object
    assert (about["id"], about["payment_status"], about["metadata"]["name"]) == (session.id, "paid", "Élise « Roux »")
    assert statuses(sandbox) == {"delivered"}


def test_another_secret_does_not_verify(sandbox: RunningSandbox, receiver: Receiver) -> None:
    pay(sandbox)
    sandbox.wait_for_deliveries()

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(*receiver.letters[0], "whsec_other")


def test_a_delivery_refused_is_tried_again_until_it_is_taken(sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.answers = [500, 302, 404]

    sandbox.client().v1.checkout.sessions.expire(sandbox.open_session().id)
    sandbox.wait_for_deliveries()

    assert receiver.kinds() == ["checkout.session.expired"] * 4
    assert len({event.id for event in receiver.events()}) == 1
    (delivery,) = sandbox.objects("delivery")
    assert delivery["status"] == "delivered"
    assert [attempt["status"] for attempt in delivery["tries"]] == [500, 302, 404, 200]


def test_waits_double_between_tries(sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.answers = [500] * 3
    sandbox.turn(retry_seconds=0.05)
    began = time.monotonic()

    sandbox.client().v1.checkout.sessions.expire(sandbox.open_session().id)
    sandbox.wait_for_deliveries()

    assert time.monotonic() - began >= 0.05 + 0.1 + 0.2


def test_a_delivery_never_taken_is_given_up_and_listed_as_such(sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.answers = [500] * 3
    sandbox.turn(attempts=3)

    sandbox.client().v1.checkout.sessions.expire(sandbox.open_session().id)
    sandbox.wait_for_deliveries()

    assert len(receiver.letters) == 3
    assert statuses(sandbox) == {"failed"}
    events = sandbox.client().v1.events
    assert [event.type for event in events.list(params={"delivery_success": False})] == ["checkout.session.expired"]
    assert events.list(params={"delivery_success": True}).data == []
    assert events.list().data[0].pending_webhooks == 1


def test_an_absent_receiver_is_noted_and_tried_again(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.send_webhooks_to("http://127.0.0.1:9/")
    sandbox.turn(attempts=2)

    sandbox.client().v1.checkout.sessions.expire(sandbox.open_session().id)
    sandbox.wait_for_deliveries()

    (delivery,) = sandbox.objects("delivery")
    assert "ConnectionRefusedError" in delivery["tries"][1]["trouble"]
    assert receiver.letters == []


def test_a_receiver_too_slow_counts_as_one_that_refuses(sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.pause_seconds = 0.3
    sandbox.turn(timeout_seconds=0.05, attempts=1)

    sandbox.client().v1.checkout.sessions.expire(sandbox.open_session().id)
    sandbox.wait_for_deliveries()

    assert statuses(sandbox) == {"failed"}


def test_double_sends_each_event_twice(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.turn(double=True)

    pay(sandbox)
    sandbox.wait_for_deliveries()

    assert receiver.kinds() == [kind for kind in PAID for _ in range(2)]
    assert len({event.id for event in receiver.events()}) == 4


def test_shuffle_never_keeps_the_order(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.turn(shuffle=True, hold=True)

    pay(sandbox)
    sandbox.turn(hold=False)
    sandbox.wait_for_deliveries()

    assert sorted(receiver.kinds()) == sorted(PAID)
    assert receiver.kinds()[0] != PAID[0]


def test_drop_keeps_the_event_and_sends_nothing_until_asked(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.turn(drop=True)
    pay(sandbox)
    sandbox.wait_for_deliveries()
    assert (receiver.letters, statuses(sandbox)) == ([], {"dropped"})
    (event,) = sandbox.events("checkout.session.completed")
    assert sandbox.client().v1.events.retrieve(event["id"]).type == "checkout.session.completed"

    sandbox.resend(event)
    sandbox.wait_for_deliveries()

    assert receiver.kinds() == ["checkout.session.completed"]


def test_hold_keeps_everything_back_until_released(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.turn(hold=True)
    pay(sandbox)
    with pytest.raises(TimeoutError, match=r"checkout\.session\.completed"):
        sandbox.wait_for_deliveries(0.1)
    assert receiver.letters == []

    sandbox.turn(hold=False)
    sandbox.wait_for_deliveries()

    assert receiver.kinds() == PAID


def test_delay_lets_the_buyer_arrive_first(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.turn(delay_seconds=0.15)
    began = time.monotonic()

    pay(sandbox)
    assert receiver.letters == []
    sandbox.wait_for_deliveries()

    assert receiver.kinds() == PAID
    assert time.monotonic() - began >= 0.15


@pytest.mark.parametrize("parallel", [False, True])
def test_parallel_sends_at_the_same_time(sandbox: RunningSandbox, receiver: Receiver, parallel: bool) -> None:
    receiver.pause_seconds = 0.05
    sandbox.turn(parallel=parallel, hold=True)
    pay(sandbox)

    sandbox.turn(hold=False)
    sandbox.wait_for_deliveries()

    assert sorted(receiver.kinds()) == sorted(PAID)
    assert (receiver.busiest > 1) is parallel


def test_a_wrong_signature_is_refused_by_the_sdk(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.turn(wrong_signature=True)
    pay(sandbox)
    sandbox.wait_for_deliveries()

    with pytest.raises(stripe.SignatureVerificationError, match="No signatures found"):
        receiver.events()


@pytest.mark.parametrize(("age", "accepted"), [(290, True), (310, False)])
def test_an_old_signature_is_refused_by_the_sdk(
    sandbox: RunningSandbox, receiver: Receiver, age: int, accepted: bool
) -> None:
    sandbox.turn(signature_age_seconds=age)
    pay(sandbox)
    sandbox.wait_for_deliveries()

    if accepted:
        assert receiver.kinds() == PAID
    else:
        with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
            receiver.events()


def test_a_tampered_event_is_signed_and_differs_from_the_api(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.turn(other_amount=1, other_currency="usd", other_livemode=True)
    session = pay(sandbox)
    sandbox.wait_for_deliveries()

    event = receiver.events()[-1]

    assert event.livemode is True
    about = event.data.object
    assert (about["amount_total"], about["currency"], about["livemode"]) == (1, "usd", True)
    honest = sandbox.client().v1.checkout.sessions.retrieve(session.id)
    assert (honest.amount_total, honest.currency, honest.livemode) == (12900, "eur", False)
    assert sandbox.client().v1.events.retrieve(event.id).data.object["amount_total"] == 12900


def test_a_letter_can_be_posted_without_a_network(sandbox: RunningSandbox) -> None:
    pay(sandbox)
    (event,) = sandbox.events("checkout.session.completed")

    body, headers = sandbox.letter(event)

    verified = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)
    assert verified.id == event["id"]
    assert json.loads(body)["pending_webhooks"] == 1


def test_without_an_address_events_are_only_kept(receiver: Receiver) -> None:
    with running_sandbox() as sandbox:
        pay(sandbox)

        assert len(sandbox.events()) == 4
        assert sandbox.objects("delivery") == []


def test_what_was_waiting_goes_on_after_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    @contextmanager
    def kept() -> Iterator[RunningSandbox]:
        with running_sandbox(
            webhook_url=receiver.url, webhook_secret=SECRET, state=tmp_path / "state", retry_seconds=0.02
        ) as sandbox:
            yield sandbox

    with kept() as sandbox:
        sandbox.turn(hold=True)
        pay(sandbox)
    assert receiver.letters == []

    with kept() as sandbox:
        sandbox.wait_for_deliveries()

        assert receiver.kinds() == PAID
        assert statuses(sandbox) == {"delivered"}


def test_the_receiver_may_call_the_api_while_it_is_told(sandbox: RunningSandbox, receiver: Receiver) -> None:
    """The seller reads the session again before it answers: nothing may be locked meanwhile."""
    session = sandbox.open_session()
    receiver.pause_seconds = 0.2
    sandbox.pay(session.id, card=buyer.DECLINED)

    began = time.monotonic()
    sandbox.client().v1.checkout.sessions.retrieve(session.id)

    assert time.monotonic() - began < 0.2
    sandbox.wait_for_deliveries()


def test_a_reset_forgets_what_was_waiting(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.turn(hold=True, double=True)
    pay(sandbox)

    sandbox.reset()
    sandbox.wait_for_deliveries(0.5)

    assert receiver.letters == []
    assert (sandbox.events(), sandbox.objects("checkout.session")) == ([], [])
    assert sandbox.sandbox.knobs.current.double is False

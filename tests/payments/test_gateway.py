"""The way to Stripe, with the real SDK over HTTP."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import stripe

from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.payments import gateway
from eventsapp.payments.errors import ChargeDeclined, ForgedEvent, GatewayRefused, GatewayUnavailable
from eventsapp.payments.gateway import _cards, _client
from eventsapp.payments.values import CardPage, Event, SavedCard
from tests.support.database import ENVIRONMENT

pytestmark = pytest.mark.usefixtures("transaction")


def open_page(key: str = "pay-1", **values: object) -> CardPage:
    given: dict[str, object] = {
        "key": key,
        "reference": "2026-AAAA-BBBB",
        "lines": [("Journée d’Angers", 2, 62100), ("Abonnement", 1, 12900), ("Invitation", 1, 0)],
        "email": "c@ville-exemple.fr",
        "success_url": "http://localhost/merci",
        "cancel_url": "http://localhost/commande",
        "expires_at": datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1),
        "locale": "fr",
    }
    return gateway.open_page(**(given | values))  # type: ignore[arg-type]


def test_a_page_asks_for_the_sum_of_the_lines_in_euros(sandbox: RunningSandbox) -> None:
    page = open_page()

    found = gateway.look_up(page.session_id)
    assert (found.reference, found.amount_cents, found.currency) == ("2026-AAAA-BBBB", 137100, "eur")
    assert (found.open, found.paid, found.live, found.payment_id) == (True, False, False, "")
    assert page.url.startswith(sandbox.url)


def test_the_same_key_gives_the_same_page(sandbox: RunningSandbox) -> None:
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)

    pages = {open_page(expires_at=expires_at).session_id for _ in range(3)}

    assert len(pages) == 1
    assert open_page("pay-2", expires_at=expires_at).session_id not in pages


def test_a_paid_page_says_so(sandbox: RunningSandbox) -> None:
    page = open_page()
    sandbox.pay(page.session_id, card=buyer.ACCEPTED)

    found = gateway.look_up(page.session_id)

    assert (found.paid, found.open) == (True, False)
    assert found.payment_id.startswith("pi_")


def test_a_declined_card_leaves_the_page_open(sandbox: RunningSandbox) -> None:
    page = open_page()
    sandbox.pay(page.session_id, card=buyer.DECLINED)

    assert gateway.look_up(page.session_id).open


def test_a_closed_page_cannot_be_paid_and_closing_twice_is_the_same(sandbox: RunningSandbox) -> None:
    page = open_page()

    assert [gateway.close_page(page.session_id).open for _ in range(2)] == [False, False]
    sandbox.pay(page.session_id, card=buyer.ACCEPTED)
    assert not gateway.look_up(page.session_id).paid


def test_closing_a_page_that_was_just_paid_tells_that_it_was(sandbox: RunningSandbox) -> None:
    page = open_page()
    sandbox.pay(page.session_id, card=buyer.ACCEPTED)

    assert gateway.close_page(page.session_id).paid


def test_a_connection_lost_after_the_work_was_done_makes_no_second_page(sandbox: RunningSandbox) -> None:
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    sandbox.turn(reset_next=1)

    page = open_page(expires_at=expires_at)

    assert [session["id"] for session in sandbox.objects("checkout.session")] == [page.session_id]


@pytest.mark.parametrize("knob", [{"reset_next": 5}, {"nonsense_next": 5}, {"fail_next": 5, "fail_status": 429}])
def test_a_silent_stripe_is_unavailable(sandbox: RunningSandbox, knob: dict[str, int]) -> None:
    sandbox.turn(**knob)

    with pytest.raises((GatewayUnavailable, GatewayRefused)) as refusal:
        open_page()

    assert "Votre commande est gardée" in refusal.value.message


def test_an_error_of_stripe_is_refused_and_another_key_is_needed(sandbox: RunningSandbox) -> None:
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    sandbox.turn(fail_next=1, fail_status=500)

    with pytest.raises(GatewayRefused):
        open_page("pay-1", expires_at=expires_at)
    with pytest.raises(GatewayRefused):
        open_page("pay-1", expires_at=expires_at)

    assert open_page("pay-2", expires_at=expires_at).url


def test_an_unknown_page_is_refused(sandbox: RunningSandbox) -> None:
    with pytest.raises(GatewayRefused):
        gateway.look_up("cs_test_inconnue")


def test_only_what_stripe_signed_is_read(sandbox: RunningSandbox) -> None:
    page = open_page()
    sandbox.pay(page.session_id, card=buyer.ACCEPTED)
    (told,) = sandbox.events("checkout.session.completed")
    body, headers = sandbox.letter(told)

    event = gateway.read_event(body, headers["Stripe-Signature"])

    assert (event.event_id, event.kind, event.session_id) == (told["id"], "checkout.session.completed", page.session_id)
    with pytest.raises(ForgedEvent):
        gateway.read_event(body + b" ", headers["Stripe-Signature"])


SOUND = {
    "id": "evt_1", "object": "event", "type": "checkout.session.completed", "livemode": True,
    "data": {"object": {"id": "cs_1", "object": "checkout.session"}},
}  # fmt: skip


def read(told: object) -> Event:
    """Read a message that Stripe signed, whatever it holds."""
    body = json.dumps(told)
    secret = ENVIRONMENT["STRIPE_WEBHOOK_SECRET"]
    signature = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=int(time.time()))
    return gateway.read_event(body.encode(), signature)


@pytest.mark.parametrize(
    ("kind", "subject", "ids"),
    [
        ("checkout.session.expired", {"id": "cs_1", "object": "checkout.session"}, ("cs_1", "")),
        ("charge.refunded", {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"}, ("", "pi_1")),
        ("charge.succeeded", {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"}, ("", "")),
        ("refund.updated", {"id": "re_1", "object": "refund", "payment_intent": "pi_1"}, ("", "pi_1")),
        ("refund.updated", {"id": "re_1", "object": "refund", "payment_intent": None}, ("", "")),
        ("charge.dispute.created", {"id": "dp_1", "object": "dispute", "payment_intent": "pi_1"}, ("", "pi_1")),
        ("customer.created", {"id": "cus_1", "object": "customer", "email": "claude@exemple.fr"}, ("", "")),
    ],
)
def test_a_message_is_read_for_its_ids_and_nothing_else(
    kind: str, subject: dict[str, object], ids: tuple[str, str]
) -> None:
    event = read(SOUND | {"type": kind, "data": {"object": subject}})

    assert (event.event_id, event.kind, event.live) == ("evt_1", kind, True)
    assert (event.session_id, event.payment_id) == ids
    assert event.concerns_us is any(ids)


@pytest.mark.parametrize(
    "told",
    [
        {}, [], "x", None, 5, SOUND | {"data": {}}, SOUND | {"data": None}, SOUND | {"id": None}, SOUND | {"id": ""},
        SOUND | {"id": 5}, SOUND | {"id": "e" * 101}, SOUND | {"type": None}, SOUND | {"type": 5},
        SOUND | {"data": {"object": {"id": 5, "object": "checkout.session"}}},
        SOUND | {"data": {"object": {"object": "checkout.session"}}},
        {"id": "evt_1", "object": "v2.core.event", "type": "v1.billing.meter.no_meter_found"},
        {name: value for name, value in SOUND.items() if name != "livemode"},
    ],
    ids=repr,
)  # fmt: skip
def test_what_stripe_signed_and_is_no_message_is_refused(told: object) -> None:
    with pytest.raises(ForgedEvent):
        read(told)


def kept_card(card: str = buyer.ACCEPTED) -> SavedCard:
    """Pay a page that keeps its card, and return that."""
    page = open_page(keeps_card=True)
    landing = buyer.pay(page.url, card=card)
    if card == buyer.CHALLENGED:
        buyer.answer_challenge(landing.location or "")
    found = gateway.look_up(page.session_id).card
    assert found is not None
    return found


def test_a_card_is_kept_where_the_buyer_agreed_and_charged_once_for_a_key(sandbox: RunningSandbox) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=1)
    card = kept_card()
    assert (card.brand, card.last4, card.exp_year) == ("visa", "4242", 2034)
    assert gateway.charge_made(key="renew-1", card=card, since=begun) is None

    made = [gateway.charge(key="renew-1", reference="A", amount_cents=12900, card=card) for _ in range(2)]

    assert made[0] == made[1] == gateway.charge_made(key="renew-1", card=card, since=begun)
    assert (made[0].paid, made[0].reference, made[0].amount_cents, made[0].session_id) == (True, "A", 12900, "")
    assert made[0].paid_at is not None


def test_a_page_without_agreement_keeps_no_card(sandbox: RunningSandbox) -> None:
    page = open_page()
    buyer.pay(page.url)

    assert gateway.look_up(page.session_id).card is None


@pytest.mark.parametrize(
    ("number", "reason", "asks_holder"),
    [(buyer.DECLINED_LATER, "generic_decline", False), (buyer.CHALLENGED, "authentication_required", True)],
)
def test_a_charge_that_the_bank_refuses_says_whether_it_asks_the_holder(
    sandbox: RunningSandbox, number: str, reason: str, asks_holder: bool
) -> None:
    card = kept_card(number)

    with pytest.raises(ChargeDeclined) as refusal:
        gateway.charge(key="renew-1", reference="A", amount_cents=12900, card=card)

    assert (refusal.value.reason, refusal.value.asks_holder) == (reason, asks_holder)
    tried = gateway.charge_made(key="renew-1", card=card, since=datetime.now(UTC) - timedelta(minutes=1))
    assert tried is not None
    assert not tried.paid


def test_a_forgotten_customer_is_charged_no_more_and_forgotten_once(sandbox: RunningSandbox) -> None:
    card = kept_card()

    for _again in range(2):
        gateway.forget_customer(card.customer_id)

    with pytest.raises(ChargeDeclined) as refusal:
        gateway.charge(key="renew-1", reference="A", amount_cents=12900, card=card)
    assert refusal.value.reason == "resource_missing"


def test_of_a_customer_that_is_gone_there_is_no_charge_and_another_refusal_stays_one(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = kept_card()

    def look(code: str) -> object:
        def refuse() -> stripe.StripeClient:
            raise stripe.InvalidRequestError("non", None, code=code, http_status=400)  # type: ignore[no-untyped-call]

        monkeypatch.setattr(_cards, "client", refuse)
        return gateway.charge_made(key="renew-1", card=card, since=datetime.now(UTC))

    assert look("resource_missing") is None
    with pytest.raises(GatewayRefused):
        look("secret_key_required")


def test_silence_says_nothing_of_a_charge(sandbox: RunningSandbox) -> None:
    card = kept_card()
    sandbox.turn(reset_next=9)

    with pytest.raises(GatewayUnavailable):
        gateway.charge(key="renew-1", reference="A", amount_cents=12900, card=card)
    with pytest.raises(GatewayUnavailable):
        gateway.charge_made(key="renew-1", card=card, since=datetime.now(UTC))
    with pytest.raises(GatewayUnavailable):
        gateway.forget_customer(card.customer_id)


class Counter:
    """Stripe's counter, where each call is answered when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: queue.Queue[str | Exception] = queue.Queue()
        self.waiting = threading.Semaphore(0)
        monkeypatch.setattr(stripe.RequestsClient, "request_with_retries", self._request)
        self.client = _client._Counter(timeout=1)
        self.pool = ThreadPoolExecutor(2)

    def _request(self, *_request: object, **_options: object) -> str:
        self.waiting.release()
        answer = self.answers.get(timeout=5)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def begin(self) -> "Future[str]":
        """Begin a call; return once it waits for its answer."""
        call = self.pool.submit(self.client.request_with_retries, "get", "url", {})
        assert self.waiting.acquire(timeout=5)
        return call

    def ask(self) -> str:
        return str(self.client.request_with_retries("get", "url", {}))


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    made = Counter(monkeypatch)
    with made.pool:
        yield made


def test_calls_are_answered_side_by_side_while_stripe_answers(counter: Counter) -> None:
    first, second = counter.begin(), counter.begin()
    counter.answers.put("one")
    counter.answers.put("two")

    assert {first.result(5), second.result(5)} == {"one", "two"}


def test_nobody_begins_to_wait_while_an_answer_is_late(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_client, "LATE", -1)
    late = counter.begin()

    with pytest.raises(stripe.APIConnectionError, match="Others wait"):
        counter.ask()

    counter.answers.put("one")
    assert late.result(5) == "one"
    counter.answers.put("two")
    assert counter.ask() == "two"


def test_after_silence_one_at_a_time_finds_out_whether_stripe_is_back(counter: Counter) -> None:
    counter.answers.put(silence := stripe.APIConnectionError("silence"))  # type: ignore[no-untyped-call]
    with pytest.raises(stripe.APIConnectionError) as told:
        counter.ask()
    assert told.value is silence
    assert counter.waiting.acquire(timeout=5)
    asking = counter.begin()

    with pytest.raises(stripe.APIConnectionError, match="Others wait"):
        counter.ask()

    counter.answers.put("back")
    assert asking.result(5) == "back"
    first, second = counter.begin(), counter.begin()
    for answer in ("one", "two"):
        counter.answers.put(answer)
    assert {first.result(5), second.result(5)} == {"one", "two"}

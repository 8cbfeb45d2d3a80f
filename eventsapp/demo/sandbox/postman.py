"""Webhooks: signed as Stripe signs them, sent in the background, tried again until the receiver answers 2xx."""

import json
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import stripe

from eventsapp.demo.sandbox.knobs import KnobBoard, Knobs
from eventsapp.demo.sandbox.objects import new_id
from eventsapp.demo.sandbox.store import Store, Thing

LONGEST_RETRY_SECONDS = 15 * 60
#: How many deliveries leave at the same time at most.
_PARALLEL_LIMIT = 16


class Postman:
    """Sends the events to one address.

    A delivery is an object of the store: ``status`` is ``pending``, ``delivered``, ``dropped`` or ``failed``
    (given up), ``tries`` lists what each try met. What is still pending goes on after a restart.
    """

    def __init__(self, store: Store, knobs: KnobBoard, *, url: str | None, secret: str) -> None:
        self.url = url
        self.secret = secret
        self._store = store
        self._knobs = knobs
        self._change = threading.Condition()
        self._due: dict[str, float] = {}
        self._sending = 0
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self, *, every_second: Callable[[], None] = lambda: None) -> None:
        """Begin to send; ``every_second`` is called about that often, from the same thread."""
        self._knobs.on_turn = self._wake
        for delivery in self._store.newest_first("delivery", lambda thing: thing["status"] == "pending")[::-1]:
            self._due[delivery["id"]] = delivery["due"]
        self._thread = threading.Thread(target=self._work, args=(every_second,), name="sandbox-postman", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; a try under way is left to end by itself."""
        self._stopping = True
        self._wake()
        if self._thread:
            self._thread.join(timeout=2)

    def post(self, event: Thing) -> None:
        """Have an event sent as the knobs say; part of the caller's transaction."""
        if self.url is None:
            return
        knobs = self._knobs.current
        for _copy in range(2 if knobs.double else 1):
            self._add(event, status="dropped" if knobs.drop else "pending", delay_seconds=knobs.delay_seconds)

    def resend(self, event: Thing) -> None:
        """Send an event once more, now, even a dropped one."""
        self._add(event, status="pending", delay_seconds=0)

    def forget(self) -> None:
        """Send nothing of what is waiting."""
        with self._change:
            self._due.clear()
            self._change.notify_all()

    def settle(self, timeout_seconds: float) -> bool:
        """Wait until nothing is waiting or on its way; say whether that came true in time."""
        with self._change:
            return self._change.wait_for(lambda: not self._due and not self._sending, timeout_seconds)

    def letter(self, event: Thing) -> tuple[bytes, dict[str, str]]:
        """Return the body and the headers of the event's webhook, with whatever the knobs falsify."""
        knobs = self._knobs.current
        body = json.dumps(_falsified(event, knobs) | {"pending_webhooks": 1}, indent=2, ensure_ascii=False)
        signature = stripe.WebhookSignature.generate_signature_header(
            body,
            "whsec_of_somebody_else" if knobs.wrong_signature else self.secret,
            timestamp=int(time.time()) - knobs.signature_age_seconds,
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (payment sandbox)",
        }
        return body.encode(), headers

    def _add(self, event: Thing, *, status: str, delay_seconds: float) -> None:
        now = time.time()
        delivery = {
            "id": new_id("whd_"),
            "object": "delivery",
            "created": int(now),
            "due": now + delay_seconds,
            "event": event["id"],
            "type": event["type"],
            "status": status,
            "tries": [],
            "url": self.url,
        }
        self._store.put(delivery)
        if status == "pending":
            self._plan(delivery)

    def _plan(self, delivery: Thing) -> None:
        with self._change:
            self._due[delivery["id"]] = delivery["due"]
            self._change.notify_all()

    def _wake(self) -> None:
        with self._change:
            self._change.notify_all()

    def _work(self, every_second: Callable[[], None]) -> None:
        ticked = 0.0
        while not self._stopping:
            if time.monotonic() - ticked >= 1:
                every_second()
                ticked = time.monotonic()
            delivery_id = self._take()
            if delivery_id is None:
                continue
            if self._knobs.current.parallel:
                threading.Thread(target=self._deliver, args=(delivery_id,), daemon=True).start()
            else:
                self._deliver(delivery_id)

    def _take(self) -> str | None:
        """Wait for a due delivery, at most a second; the caller must then deliver it."""
        with self._change:
            delivery_id = self._next()
            if delivery_id is None:
                until_due = min(self._due.values(), default=float("inf")) - time.time()
                self._change.wait(1 if self._knobs.current.hold else min(max(until_due, 0.001), 1))
                delivery_id = self._next()
            if delivery_id is not None:
                del self._due[delivery_id]
                self._sending += 1
            return delivery_id

    def _next(self) -> str | None:
        knobs = self._knobs.current
        if knobs.hold or self._stopping or self._sending >= _PARALLEL_LIMIT:
            return None
        now = time.time()
        due = [delivery_id for delivery_id, at in self._due.items() if at <= now]
        if knobs.shuffle and len(due) > 1:
            # Never the oldest: with several waiting, the order is then surely not the right one.
            return secrets.choice(due[1:])
        return due[0] if due else None

    def _deliver(self, delivery_id: str) -> None:
        try:
            delivery = self._store.find("delivery", delivery_id)
            event = delivery and self._store.find("event", delivery["event"])
            if delivery and event:
                status, trouble = _answer_to(delivery["url"], *self.letter(event), self._knobs.current.timeout_seconds)
                self._note(delivery, status, trouble)
        finally:
            with self._change:
                self._sending -= 1
                self._change.notify_all()

    def _note(self, delivery: Thing, status: int | None, trouble: str | None) -> None:
        knobs = self._knobs.current
        with self._store.transaction():
            if self._store.find("delivery", delivery["id"]) is None:
                return  # forgotten while it was on its way
            delivery["tries"].append({"at": int(time.time()), "status": status, "trouble": trouble})
            if status is not None and 200 <= status < 300:
                delivery["status"] = "delivered"
            elif len(delivery["tries"]) >= knobs.attempts:
                delivery["status"] = "failed"
            else:
                wait = knobs.retry_seconds * 2 ** (len(delivery["tries"]) - 1)
                delivery["due"] = time.time() + min(wait, LONGEST_RETRY_SECONDS)
            self._store.put(delivery)
        if delivery["status"] == "pending":
            self._plan(delivery)


def _falsified(event: Thing, knobs: Knobs) -> Thing:
    about = dict(event["data"]["object"])
    if knobs.other_amount is not None:
        about |= {name: knobs.other_amount for name, value in about.items() if _is_amount(name, value)}
    if knobs.other_currency is not None and "currency" in about:
        about["currency"] = knobs.other_currency
    livemode = event["livemode"]
    if knobs.other_livemode is not None:
        livemode = about["livemode"] = knobs.other_livemode
    return event | {"data": event["data"] | {"object": about}, "livemode": livemode}


def _is_amount(name: str, value: object) -> bool:
    return name.startswith("amount") and name != "amount_refunded" and isinstance(value, int) and value > 0


def _answer_to(url: str, body: bytes, headers: dict[str, str], timeout_seconds: float) -> tuple[int | None, str | None]:
    """Post once, following no redirect, and return the status, or what prevented an answer."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with closing(kind(parts.hostname or "", parts.port, timeout=timeout_seconds)) as connection:
            connection.request("POST", path, body=body, headers=headers)
            return connection.getresponse().status, None
    except (OSError, HTTPException) as trouble:
        return None, f"{type(trouble).__name__}: {trouble}"

"""The sandbox served over HTTP from a thread: for the command line and for tests."""

import logging
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import stripe
from typing_extensions import override
from werkzeug.serving import WSGIRequestHandler, make_server

from eventsapp.demo.sandbox import buyer, refunds
from eventsapp.demo.sandbox.app import create_sandbox
from eventsapp.demo.sandbox.knobs import Knobs
from eventsapp.demo.sandbox.objects import public
from eventsapp.demo.sandbox.sandbox import Sandbox
from eventsapp.demo.sandbox.store import Thing

logger = logging.getLogger(__name__)


class AddressInUseError(Exception):
    """Another program listens at the address asked for, or it is none of this machine's."""


class RunningSandbox:
    """A sandbox that answers at ``url``, and what a test wants of it; ``sandbox`` is its inside."""

    def __init__(self, sandbox: Sandbox, url: str) -> None:
        self.sandbox = sandbox
        self.url = url

    @property
    def webhook_secret(self) -> str:
        return self.sandbox.postman.secret

    def client(self, *, max_network_retries: int = 0, timeout_seconds: float = 10) -> stripe.StripeClient:
        """Return the real SDK, talking to this sandbox."""
        return stripe.StripeClient(
            self.sandbox.secret_key or "sk_test_sandbox",
            base_addresses={"api": self.url},
            max_network_retries=max_network_retries,
            http_client=stripe.RequestsClient(timeout=timeout_seconds),
        )

    def open_session(self, *, cents: int = 12900, **params: Any) -> stripe.checkout.Session:
        """Open a session through the SDK for one item of that price; ``params`` adds or replaces parameters."""
        price = {"currency": "eur", "unit_amount": cents, "product_data": {"name": "Journée d'étude"}}
        wanted: Any = {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "success_url": "http://shop.example/merci?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://shop.example/panier",
        } | params
        return self.client().v1.checkout.sessions.create(params=wanted)

    def pay(self, session_id: str, **typed: str) -> buyer.Landing:
        """Pay on the session's page as a buyer does; see ``buyer.pay`` for what may be typed."""
        return buyer.pay(f"{self.url}/c/pay/{session_id}", **typed)

    def send_webhooks_to(self, url: str | None) -> None:
        """Send the events made from now on to that address, or nowhere."""
        self.sandbox.postman.url = url

    def turn(self, **knobs: object) -> Knobs:
        """Set the knobs named; raise ``KnobError`` for an unknown one."""
        return self.sandbox.knobs.turn(**knobs)

    def objects(self, kind: str) -> list[Thing]:
        """Return the objects of a kind (``checkout.session``, ``event``, ``delivery`` …), the latest first."""
        return [public(thing) for thing in self.sandbox.store.newest_first(kind)]

    def events(self, kind: str | None = None) -> list[Thing]:
        """Return the events of a type such as ``checkout.session.completed``, or all, the latest first."""
        return [event for event in self.objects("event") if kind in {None, event["type"]}]

    def letter(self, event: Thing) -> tuple[bytes, dict[str, str]]:
        """Return the body and headers of the event's webhook, to post it without a network."""
        return self.sandbox.postman.letter(event)

    def resend(self, event: Thing) -> None:
        """Send an event once more."""
        self.sandbox.postman.resend(event)

    def refund_in_dashboard(self, payment_intent: str, *, amount: int | None = None) -> Thing:
        """Refund a payment as the seller does in Stripe's dashboard; ``amount`` in cents, ``None`` for all."""
        params = {"payment_intent": payment_intent} | ({} if amount is None else {"amount": amount})
        return public(refunds.refund(self.sandbox, params))

    def dispute_in_dashboard(self, payment_intent: str, *, reason: str = "fraudulent") -> Thing:
        """Have the card's holder contest a payment."""
        return public(refunds.dispute(self.sandbox, {"payment_intent": payment_intent, "reason": reason}))

    def fail_refund(self, refund_id: str) -> Thing:
        """Have the buyer's bank send a refund back."""
        return public(refunds.fail(self.sandbox, refund_id))

    def close_dispute(self, dispute_id: str, *, won: bool) -> Thing:
        """Have the bank decide a dispute."""
        return public(refunds.close_dispute(self.sandbox, dispute_id, won=won))

    def wait_for_deliveries(self, timeout_seconds: float = 5) -> None:
        """Return once every webhook is delivered, dropped or given up; raise ``TimeoutError`` when it lasts."""
        if not self.sandbox.postman.settle(timeout_seconds):
            pending = [delivery for delivery in self.objects("delivery") if delivery["status"] == "pending"]
            raise TimeoutError(f"webhooks still waiting: {pending}")

    def reset(self) -> None:
        """Forget every object and put the knobs back, as between two tests."""
        self.sandbox.reset()


@contextmanager
def running_sandbox(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    webhook_url: str | None = None,
    webhook_secret: str = "whsec_sandbox",  # noqa: S107 - signs nothing but pretended payments
    secret_key: str | None = None,
    public_url: str | None = None,
    state: Path | None = None,
    retry_seconds: float = 0.02,
    attempts: int = 16,
) -> Iterator[RunningSandbox]:
    """Serve a sandbox until the block is left; ``port`` 0 takes a free one.

    ``state`` names the file that keeps its objects from one run to the next; ``retry_seconds`` and
    ``attempts`` are where these knobs rest; ``Sandbox`` explains the others.
    Raises ``AddressInUseError`` and ``StateFileError``.
    """
    with _listening(host, port) as listener:
        sandbox = Sandbox(
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
            secret_key=secret_key,
            public_url=public_url,
            state=state,
            knobs=Knobs(retry_seconds=retry_seconds, attempts=attempts),
        )
        server = make_server(
            host,
            listener.getsockname()[1],
            create_sandbox(sandbox),
            threaded=True,
            request_handler=_Handler,
            fd=listener.fileno(),
        )
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="sandbox-server", daemon=True
        )
        thread.start()
        try:
            yield RunningSandbox(sandbox, f"http://{_in_url(host)}:{server.port}")
        finally:
            sandbox.stop()
            server.shutdown()
            thread.join()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    # Werkzeug ends the whole process when the address is taken; a socket of our own raises instead.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=128)
    except OSError as trouble:
        raise AddressInUseError(f"{host}:{port}: {trouble.strerror}") from trouble
    with listener:
        yield listener


def _in_url(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - what is listened to, not where it is reached
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


class _Handler(WSGIRequestHandler):
    """Writes errors to the log, no line per request, and resets the connections it is told to."""

    @override
    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        # Without lingering the kernel answers the client with a reset; Werkzeug alone would keep the connection open.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    @override
    def log(self, type: str, message: str, *args: Any) -> None:
        if type == "error":
            logger.error(message.rstrip(), *args)

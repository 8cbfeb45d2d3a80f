"""The sandbox's parts put together: objects, knobs, clock, webhooks."""

import threading
from dataclasses import dataclass
from pathlib import Path

from eventsapp.demo.sandbox import objects
from eventsapp.demo.sandbox.clock import Clock
from eventsapp.demo.sandbox.idempotency import AnswerBook
from eventsapp.demo.sandbox.knobs import KnobBoard, Knobs
from eventsapp.demo.sandbox.postman import Postman
from eventsapp.demo.sandbox.store import Store, Thing


@dataclass(frozen=True)
class Cause:
    """The API call that made something happen."""

    request_id: str | None = None
    idempotency_key: str | None = None


#: The buyer or the dashboard did it.
NO_CALL = Cause()


class Sandbox:
    """One account of the pretended Stripe.

    ``secret_key`` is the only API key accepted; ``None`` accepts any that begins with ``sk_test_``.
    ``public_url`` is where browsers find the payment pages; ``None``: where the API was called.
    ``webhook_url`` is where events are sent; ``None`` sends none, they are then only kept.
    """

    def __init__(
        self,
        *,
        webhook_url: str | None = None,
        webhook_secret: str = "whsec_sandbox",  # noqa: S107 - signs nothing but pretended payments
        secret_key: str | None = None,
        public_url: str | None = None,
        state: Path | None = None,
        knobs: Knobs | None = None,
    ) -> None:
        """Open the state file, if one is named; raise ``StateFileError``."""
        self.secret_key = secret_key
        self.public_url = public_url
        self.store = Store(state)
        self.knobs = KnobBoard(knobs)
        self.clock = Clock(lambda: self.knobs.current.clock_ahead_seconds)
        self.answers = AnswerBook(self.store, self.clock)
        self.stopping = threading.Event()
        self.postman = Postman(self.store, self.knobs, url=webhook_url, secret=webhook_secret)

    def record(self, kind: str, about: Thing, cause: Cause = NO_CALL) -> None:
        """Keep the event that tells of ``about``, and have it sent; part of the caller's transaction."""
        event = objects.event(
            kind,
            about,
            request_id=cause.request_id,
            idempotency_key=cause.idempotency_key,
            now=self.clock.now(),
        )
        self.store.put(event)
        self.postman.post(event)

    def reset(self) -> None:
        """Forget every object and put the knobs back, as between two tests."""
        self.postman.forget()
        self.store.clear()
        self.knobs.reset()

    def stop(self) -> None:
        """Stop sending and let go of the state file."""
        self.stopping.set()
        self.postman.stop()
        self.store.close()

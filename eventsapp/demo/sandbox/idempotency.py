"""Idempotency keys: the same key and parameters get the first answer again, whatever it was."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from eventsapp.demo.sandbox.clock import Clock
from eventsapp.demo.sandbox.errors import ApiError
from eventsapp.demo.sandbox.store import Store

#: Stripe forgets a key after a day at the earliest.
KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Answer:
    """An answer of the API. ``remembered`` says whether its idempotency key, if there is one, now stands for it."""

    status: int
    body: str
    request_id: str
    remembered: bool = True
    replayed: bool = False


class AnswerBook:
    """The answers given, by idempotency key."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._in_flight: set[str] = set()

    @contextmanager
    def claim(self, key: str | None) -> Iterator[None]:
        """Keep the key for one call until it is answered; raise ``ApiError`` while another call has it."""
        if key is None:
            yield
            return
        if not 1 <= len(key) <= 255:
            raise ApiError("Idempotency keys have 1 to 255 characters.", kind="idempotency_error")
        with self._lock:
            if key in self._in_flight:
                raise ApiError(
                    f"There is currently another in-progress request using this idempotency key: {key}",
                    code="idempotency_key_in_use",
                    status=409,
                )
            self._in_flight.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight.discard(key)

    def in_use(self, key: str) -> bool:
        """Say whether a call has claimed the key and is not answered yet."""
        with self._lock:
            return key in self._in_flight

    def answer(
        self, key: str | None, *, path: str, pairs: Iterable[tuple[str, str]], work: Callable[[], Answer]
    ) -> Answer:
        """Return the answer kept under the claimed key, or that of ``work``, kept together with what it changed.

        Raises ``ApiError`` when the key was used for something else.
        """
        if key is None:
            with self._store.transaction():
                return work()
        fingerprint = hashlib.sha256(json.dumps(sorted(pairs)).encode()).hexdigest()
        return self._kept(key, path, fingerprint) or self._keep(key, path, fingerprint, work)

    def _kept(self, key: str, path: str, fingerprint: str) -> Answer | None:
        kept = self._store.find("answer", _id(key))
        if kept is None or kept["created"] + KEPT_SECONDS <= self._clock.now():
            return None
        if kept["path"] != path:
            raise ApiError(
                "Keys for idempotent requests can only be used for the same endpoint they were first used for"
                f" ('{path}' vs '{kept['path']}').",
                kind="idempotency_error",
            )
        if kept["fingerprint"] != fingerprint:
            raise ApiError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
                f" Use another key than '{key}' for a different request.",
                kind="idempotency_error",
            )
        return Answer(kept["status"], kept["body"], kept["request_id"], replayed=True)

    def _keep(self, key: str, path: str, fingerprint: str, work: Callable[[], Answer]) -> Answer:
        with self._store.transaction():
            answer = work()
            if answer.remembered:
                self._store.put(
                    {
                        "id": _id(key),
                        "object": "answer",
                        "path": path,
                        "fingerprint": fingerprint,
                        "status": answer.status,
                        "body": answer.body,
                        "request_id": answer.request_id,
                        "created": self._clock.now(),
                    }
                )
        return answer


def _id(key: str) -> str:
    return f"idempotency_key:{key}"

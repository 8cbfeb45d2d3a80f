"""The knobs that make the sandbox misbehave as Stripe sometimes does."""

import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints


class KnobError(ValueError):
    """No such knob, or not a value it takes."""


@dataclass(frozen=True)
class Knobs:
    """All knobs, at rest by default."""

    #: Webhooks: seconds between an event and its first delivery.
    delay_seconds: float = 0.0
    #: Webhooks: every event made from now on is sent twice.
    double: bool = False
    #: Webhooks: among the deliveries that are due, never the oldest goes first.
    shuffle: bool = False
    #: Webhooks: events made from now on are kept but never sent, as if the network had lost them.
    drop: bool = False
    #: Webhooks: nothing leaves until this is off again.
    hold: bool = False
    #: Webhooks: deliveries leave at the same time instead of one after the other.
    parallel: bool = False
    #: Webhooks: signed with another secret.
    wrong_signature: bool = False
    #: Webhooks: age of the signature's timestamp; Stripe's SDK refuses more than 300.
    signature_age_seconds: int = 0
    #: Webhooks, validly signed but not what the API would answer: amounts, currency, live mode.
    other_amount: int | None = None
    other_currency: str | None = None
    other_livemode: bool | None = None
    #: Webhooks: seconds before the first new try, doubled each time, at most a quarter of an hour.
    retry_seconds: float = 2.0
    #: Webhooks: tries before a delivery is given up.
    attempts: int = 16
    #: Webhooks: seconds given to the receiver to answer.
    timeout_seconds: float = 10.0

    #: API: the next so many calls fail with that status; 500 is remembered under the idempotency key, others not.
    fail_next: int = 0
    fail_status: int = 500
    #: API: a failing call has done its work all the same.
    fail_after_processing: bool = False
    #: API: the next so many calls wait that long before they are handled.
    hang_next: int = 0
    hang_seconds: float = 0.0
    #: API: the next so many calls are handled, then the connection is reset instead of answered.
    reset_next: int = 0
    #: API: the next so many calls are handled, then answered 200 with something that is not JSON.
    nonsense_next: int = 0
    #: API: only calls whose path contains this are concerned by the faults above.
    fault_path: str = ""

    #: Seconds the sandbox's clock runs ahead: lets sessions expire. Signatures keep the real time.
    clock_ahead_seconds: int = 0


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call of the API."""

    hang_seconds: float = 0.0
    status: int | None = None
    after_processing: bool = False
    reset: bool = False
    nonsense: bool = False


class KnobBoard:
    """The knobs as they stand; ``on_turn`` is called after each change."""

    def __init__(self, rest: Knobs | None = None) -> None:
        self._rest = rest or Knobs()
        self._lock = threading.Lock()
        self.current = self._rest
        self.on_turn: Callable[[], None] = lambda: None

    def turn(self, **changes: object) -> Knobs:
        """Set the knobs named; raise ``KnobError`` for an unknown one or a value of another type."""
        for name, value in changes.items():
            _require_value(name, value)
        with self._lock:
            self.current = dataclasses.replace(self.current, **changes)  # type: ignore[arg-type] # checked above
        self.on_turn()
        return self.current

    def reset(self) -> Knobs:
        """Put every knob back to where it was at the start."""
        return self.turn(**dataclasses.asdict(self._rest))

    def take_fault(self, path: str) -> Fault:
        """Return what must go wrong with this call, and count it off."""
        with self._lock:
            knobs = self.current
            if knobs.fault_path not in path:
                return Fault()
            counted = {
                name: max(0, getattr(knobs, name) - 1)
                for name in ("fail_next", "hang_next", "reset_next", "nonsense_next")
            }
            self.current = dataclasses.replace(knobs, **counted)
        return Fault(
            hang_seconds=knobs.hang_seconds if knobs.hang_next else 0.0,
            status=knobs.fail_status if knobs.fail_next else None,
            after_processing=knobs.fail_after_processing,
            reset=knobs.reset_next > 0,
            nonsense=knobs.nonsense_next > 0,
        )


def _require_value(name: str, value: object) -> None:
    hints: dict[str, Any] = get_type_hints(Knobs)
    if name not in hints:
        raise KnobError(f"{name}: no such knob; there are {', '.join(hints)}")
    accepted = get_args(hints[name]) or (hints[name],)
    if float in accepted:
        accepted = (*accepted, int)
    if type(value) not in accepted:
        raise KnobError(f"{name}: {value!r} is not {' or '.join(kind.__name__ for kind in accepted)}")
    if isinstance(value, int | float) and value < 0:
        raise KnobError(f"{name}: {value} is below zero")
    if name == "fail_status" and value not in range(400, 600):
        raise KnobError(f"fail_status: {value} is not between 400 and 599")

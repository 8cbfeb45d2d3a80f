"""What ``flask doctor`` looks at: settings and services, the invariants of the design, the journal, Stripe's messages.

Every finding is a sentence that says what is wrong; none means that all holds.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from eventsapp.ops.doctor._invariants import invariants as invariants
from eventsapp.ops.doctor._surroundings import surroundings as surroundings
from eventsapp.payments import queries as payments


def examine(*, now: datetime) -> list[tuple[str, Sequence[str]]]:
    """Return each thing that was looked at with what is wrong with it; nothing else is looked at without a database."""
    found = surroundings()
    if dict(found)["database"]:
        return found
    checks: list[tuple[str, Callable[[], Sequence[str]]]] = [
        ("payment journal", payments.journal_problems),
        ("Stripe's messages", lambda: payments.event_problems(now=now)),
    ]
    return [*found, *invariants(now=now), *((name, check()) for name, check in checks)]

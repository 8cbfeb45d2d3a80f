"""What ``flask doctor`` looks at: settings and services, the invariants of the design, the journal, Stripe's messages.

Every finding is a sentence that names what is wrong and the row of it; none means that all holds.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice

from eventsapp.ops.doctor._files import changed_invoices, misplaced
from eventsapp.ops.doctor._history import untold
from eventsapp.ops.doctor._invariants import MOST_SHOWN
from eventsapp.ops.doctor._invariants import by_query as by_query
from eventsapp.ops.doctor._reserved import leaks
from eventsapp.ops.doctor._surroundings import surroundings as surroundings
from eventsapp.payments import queries as payments


def examine(*, now: datetime) -> list[tuple[str, Sequence[str]]]:
    """Return each thing that was looked at with what is wrong with it; nothing else is looked at without a database."""
    found = surroundings()
    if dict(found)["database"]:
        return found
    checks: dict[str, Callable[[], Sequence[str]]] = {
        "I4 files": changed_invoices,
        "I6 files": lambda: list(islice(misplaced(now=now), MOST_SHOWN)),
        "I7 history": lambda: untold(most=MOST_SHOWN),
        "I9 reserved": leaks,
    }
    invariants = sorted([*by_query(now=now), *((name, check()) for name, check in checks.items())])
    return [
        *found,
        *invariants,
        ("payment journal", payments.journal_problems()),
        ("Stripe's messages", payments.event_problems(now=now)),
        ("closed years", payments.closing_problems()),
        ("append-only", [_unguarded(table) for table in payments.unguarded_tables()]),
    ]


def _unguarded(table: str) -> str:
    return f"{table}: nothing keeps its lines from being changed; its triggers are gone (migration 20261130_1600)"

"""The rule of the waiting list, on plain values.

First come, first served, by the time of joining. A group that does not fit into the free seats is passed over and keeps
its place. Seats are kept 48 hours for whom they are offered to, less when registrations close before.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

#: How long seats are kept for whom they are offered to.
OFFER_LASTS = timedelta(hours=48)
#: Nothing is offered by itself when less time than this is left to answer.
LEAST_TIME = timedelta(hours=2)
#: Seats that one group may ask for, as in an order.
MOST_SEATS = 20


def offer_ends(*, closes_at: datetime, now: datetime, least: timedelta = LEAST_TIME) -> datetime | None:
    """Return until when an offer made ``now`` holds: 48 hours, never past the closing of registrations.

    ``None`` when less than ``least`` would be left to answer: no offer is made then.
    """
    left = min(OFFER_LASTS, closes_at - now)
    return now + left if left > timedelta(0) and left >= least else None


def is_open(*, expires_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Return whether an offer can still be accepted; its last moment is excluded."""
    return now < min(expires_at, closes_at)


def served(free: int, groups: Iterable[tuple[int, int]]) -> list[int]:
    """Return which of ``groups``, key and number of seats in the order of the list, get ``free`` seats.

    Each in its turn gets its seats when they are there; who does not fit is passed over, and the next one is asked.
    """
    chosen = []
    for key, seats in groups:
        if seats <= free:
            chosen.append(key)
            free -= seats
    return chosen

"""Decisions about an order to be placed, on plain values."""

from collections import Counter
from collections.abc import Iterable, Sequence

from eventsapp.registrations.rules import CoverLeft

#: People that one order may register for one day.
MOST_ATTENDEES = 20
#: Items in one order.
MOST_ITEMS = 20


def uncovered(asking: Sequence[str], *, left: CoverLeft, bought: int) -> list[int]:
    """Return which of the seats that ask for the subscriber rate no subscription covers, by index.

    ``asking`` has the address (lower case) of each person who asks; ``bought`` is what the subscriptions of the order
    itself cover.
    """
    own, shared = Counter(left.own), left.shared + bought
    missed = []
    for index, email in enumerate(asking):
        if own[email] > 0:
            own[email] -= 1
        elif shared > 0:
            shared -= 1
        else:
            missed.append(index)
    return missed


def fee_percent(steps: Iterable[tuple[int, int]], *, days_left: int) -> int:
    """Return the percent of the price that is kept from whoever cancels ``days_left`` days before the event.

    ``steps`` are pairs of days and percent; the nearest that is not passed holds, and after the last all is kept.
    """
    return next((percent for days, percent in sorted(steps, reverse=True) if days_left >= days), 100)


def fee_cents(price_cents: int, *, percent: int) -> int:
    """Return that percent of a price, half a cent rounded down: to the buyer's advantage."""
    return (price_cents * percent + 49) // 100

"""Decisions about an order to be placed, on plain values."""

from collections.abc import Collection, Sequence

#: People that one order may register for one day.
MOST_ATTENDEES = 20
#: Items in one order.
MOST_ITEMS = 20


def uncovered(asking: Sequence[str], *, subscribed: Collection[str], covered_seats: int) -> list[int]:
    """Return which of the seats that ask for the subscriber rate no subscription covers, by index.

    ``asking`` has the address (lower case) of each person who asks; those of ``subscribed`` bring their own
    subscription, and ``covered_seats`` more are covered by the buyer's, the organisation's and the order's.
    """
    others = [index for index, email in enumerate(asking) if email not in subscribed]
    return others[covered_seats:]

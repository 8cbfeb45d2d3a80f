"""Decisions about an order to be placed, on plain values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventsapp.registrations.values import SubscriberSeat
from eventsapp.subscriptions.values import Cover

#: People that one order may register for one day.
MOST_ATTENDEES = 20
#: Items in one order.
MOST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class CoverLeft:
    """Seats of one day that subscriptions still cover: of others by address, and of the buyer and the organisation."""

    own: Mapping[str, int]
    shared: int


def cover_left(covers: Sequence[Cover], held: Sequence[SubscriberSeat], *, buyer_email: str, siret: str) -> CoverLeft:
    """Return what ``covers`` leave once the seats ``held`` at the day's subscriber rate are taken off.

    A seat uses the subscription of whoever sits there, or else of whoever bought it.
    """
    own: Counter[str] = Counter()
    shared = 0
    for cover in covers:
        if cover.email == buyer_email or (siret and cover.siret == siret):
            shared += cover.seats
        else:
            own[cover.email] += cover.seats
    without: list[SubscriberSeat] = []
    for seat in held:
        if own[seat.email] > 0:
            own[seat.email] -= 1
        else:
            without.append(seat)
    for seat in without:
        if buyer_email in {seat.email, seat.buyer_email} or (siret and seat.siret == siret):
            shared -= 1
        elif own[seat.buyer_email] > 0:
            own[seat.buyer_email] -= 1
    return CoverLeft(own, max(0, shared))


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

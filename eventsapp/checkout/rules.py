"""Decisions about an order to be placed, on plain values."""

from collections.abc import Iterable
from datetime import date, timedelta

#: People that one order may register for one day.
MOST_ATTENDEES = 20
#: Items in one order.
MOST_ITEMS = 20
#: Between the warning that a subscription closes for want of its money, and that.
NOTICE = timedelta(days=7)


def fee_percent(steps: Iterable[tuple[int, int]], *, days_left: int) -> int:
    """Return the percent of the price that is kept from whoever cancels ``days_left`` days before the event.

    ``steps`` are pairs of days and percent; the nearest that is not passed holds, and after the last all is kept.
    """
    return next((percent for days, percent in sorted(steps, reverse=True) if days_left >= days), 100)


def fee_cents(price_cents: int, *, percent: int) -> int:
    """Return that percent of a price, half a cent rounded down: to the buyer's advantage."""
    return (price_cents * percent + 49) // 100


def suspension_day(tolerated_until: date, *, days: int, today: date) -> date:
    """Return when a subscription closes that a promise opened: ``days`` after those of grace, told a week before."""
    return max(tolerated_until + timedelta(days=days + 1), today + NOTICE)

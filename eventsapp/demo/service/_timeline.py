"""What happens in the demonstration, in the order of time: the numbers of invoices follow it, as they do in life."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from operator import attrgetter

from eventsapp.demo import reading
from eventsapp.demo.service import _filling, _offers, _orders
from eventsapp.demo.values import Happening


class Timeline:
    """Everything that is ordered, paid and cancelled, let happen piece by piece.

    It is planned when the first piece is asked for: by then the days are there.
    """

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._waiting: Iterator[Happening] | None = None
        self._next: Happening | None = None

    def run_until(self, moment: datetime) -> int:
        """Let happen what comes up to ``moment``; return how many orders and quotes are new."""
        if self._waiting is None:
            self._waiting = iter(self._planned())
            self._next = next(self._waiting, None)
        made = 0
        while self._next is not None and self._next.at <= moment:
            made += self._next.run()
            self._next = next(self._waiting, None)
        return made

    def _planned(self) -> list[Happening]:
        now = self._now
        days, orders = reading.days(), reading.orders()
        found = chain(
            *(_orders.happenings(order, now=now) for order in orders),
            *(_offers.happenings(quote, now=now) for quote in reading.quotes()),
            *(_filling.happenings(day, now=now) for day in days if day.seats),
        )
        return sorted(found, key=attrgetter("at"))

"""What an order bought and still stands, read once for every step that asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from eventsapp.orders.models import Order
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Contract


@dataclass(frozen=True, slots=True)
class Bought:
    """The seats of an order, by day, and its contracts, in the order of its lines."""

    seats: Sequence[Registration]
    contracts: Sequence[Contract]
    #: Whether a day of it asks its participants for a file; known while it is placed.
    asks_files: bool = False

    @property
    def days(self) -> list[StudyDay]:
        """The days at which it has a seat, each once."""
        return list(dict.fromkeys(seat.study_day for seat in self.seats))


def bought_by(order: Order) -> Bought:
    """Return what an order bought, without what was cancelled by itself."""
    return Bought(registrations.standing_of_order(order.id), subscriptions.standing_of_order(order.id))

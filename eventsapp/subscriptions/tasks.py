"""Background entries of subscriptions."""

from eventsapp.core import clock, unit_of_work
from eventsapp.subscriptions import service


def expire() -> int:
    """Mark the subscriptions whose last day has passed."""
    with unit_of_work.transaction():
        return service.expire_due(today=clock.local_date(clock.now()))

"""Background entries of actions on many."""

from eventsapp.batches import service
from eventsapp.core import clock


def run() -> int:
    """Do the actions whose minute is over."""
    return service.run_due(clock=clock.now)

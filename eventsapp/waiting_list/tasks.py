"""Background entry of the waiting lists."""

from eventsapp.core import clock
from eventsapp.waiting_list import service


def tend() -> int:
    """End the offers that are over, and offer what is free."""
    return service.tend_all(now=clock.now())

"""Background entry of the waiting lists."""

from eventsapp.core import clock, unit_of_work
from eventsapp.waiting_list import service


def tend() -> int:
    """End the offers that are over, and offer what is free."""
    return service.tend_all(now=clock.now())


def forget() -> int:
    """Forget who left a list long ago."""
    with unit_of_work.transaction():
        return service.forget_old(now=clock.now())

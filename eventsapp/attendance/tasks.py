"""Background entries of the papers of days."""

from eventsapp.attendance import service
from eventsapp.core import clock, unit_of_work


def make_papers() -> int:
    """Make the papers that are asked for."""
    return service.make_papers(clock=clock.now)


def send_certificates() -> int:
    """Ask for the certificates of yesterday's days that say so."""
    with unit_of_work.transaction():
        return service.ask_by_itself(now=clock.now())


def tidy_papers() -> int:
    """Forget old papers."""
    with unit_of_work.transaction():
        return service.forget_old(now=clock.now())

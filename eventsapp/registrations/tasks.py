"""Background entry of registrations."""

from eventsapp.core import clock
from eventsapp.registrations import service


def remind_names() -> int:
    """Remind of the seats that have no name yet."""
    return service.remind_due(now=clock.now())

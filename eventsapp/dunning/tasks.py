"""Background entries of reminders."""

from eventsapp.core import clock
from eventsapp.dunning import service


def remind() -> int:
    """Send the reminders whose day has come."""
    return service.remind_due(now=clock.now())

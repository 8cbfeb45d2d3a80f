"""Background entry of the outbox."""

from eventsapp.core import clock
from eventsapp.mail import service


def send() -> int:
    """Send what is due."""
    return service.send_due(clock=clock.now)

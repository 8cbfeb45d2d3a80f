"""Background entry of the outbox."""

from eventsapp.core import clock
from eventsapp.mail import service


def send() -> int:
    """Send what is due."""
    return service.send_due(clock=clock.now)


def forget() -> int:
    """Erase what old mails said, and to whom."""
    return service.forget_old(now=clock.now())

"""Background entries of messages."""

from eventsapp.core import clock
from eventsapp.mailings import service


def send() -> int:
    """Write the messages whose minute is over to their readers."""
    return service.send_due(clock=clock.now)


def forget() -> int:
    """Erase to whom old messages went."""
    return service.forget_old(now=clock.now())


def remind() -> int:
    """Remind people of their day."""
    return service.remind_due(now=clock.now())


def tell_reports() -> int:
    """Tell those who came to a day that its report is out."""
    return service.tell_reports(now=clock.now())


def ask_opinions() -> int:
    """Ask those who came what they thought of the day."""
    return service.ask_opinions(now=clock.now())

"""Background entries of the newsletter."""

from eventsapp.core import clock, unit_of_work
from eventsapp.newsletter import service


def draft() -> int:
    """Make the draft of this week, if it is not there."""
    with unit_of_work.transaction():
        return int(service.draft_week(now=clock.now()) is not None)


def send() -> int:
    """Write the letters whose hour has come to their readers."""
    return service.send_due(clock=clock.now)


def forget() -> int:
    """Erase who never confirmed, and who left long ago."""
    with unit_of_work.transaction():
        return service.forget(now=clock.now())

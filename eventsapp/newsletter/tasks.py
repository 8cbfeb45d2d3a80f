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
    """Ask who did nothing for years whether they stay; erase who does not say so, never confirmed, or left long ago."""
    now = clock.now()
    with unit_of_work.transaction():
        service.ask_to_stay(now=now)
    with unit_of_work.transaction():
        return service.forget(now=now)


def forget_letters() -> int:
    """Erase to whom old letters went."""
    return service.forget_old(now=clock.now())

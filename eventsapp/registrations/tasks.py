"""Background entry of registrations."""

from eventsapp.core import clock, unit_of_work
from eventsapp.registrations import service


def remind_names() -> int:
    """Remind of the seats that have no name yet."""
    return service.remind_due(now=clock.now())


def erase_answers() -> int:
    """Erase the needs and the answers to sensitive questions that were kept long enough."""
    with unit_of_work.transaction():
        return service.erase_due(now=clock.now())


def forget_reminders() -> int:
    """Erase to whom old reminders went."""
    return service.forget_reminders(now=clock.now())

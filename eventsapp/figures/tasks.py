"""Background entry of the figures."""

from eventsapp.figures import service


def count() -> int:
    """Count the readings that were noted."""
    return service.count_noted()

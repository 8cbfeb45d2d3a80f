"""Background entries of invoices."""

from eventsapp.core import clock
from eventsapp.invoices import service


def finish() -> int:
    """Make, check and send what was issued."""
    return service.finish_due(now=clock.now())

"""Background entry of dossiers."""

from eventsapp.core import clock
from eventsapp.mandats import service


def remind() -> int:
    """Remind of the purchase orders that are awaited for too long."""
    return service.remind_due(now=clock.now())

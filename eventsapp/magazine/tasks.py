"""Background entry of the magazine."""

from eventsapp.core import clock
from eventsapp.magazine import service


def publish() -> int:
    """Publish the articles whose time has come."""
    return service.publish_due(now=clock.now())


def open_articles() -> int:
    """Let everybody read the reserved articles whose time has come."""
    return service.open_due(now=clock.now())

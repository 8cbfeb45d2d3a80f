"""Background entry of the magazine."""

from eventsapp.core import clock
from eventsapp.magazine import service


def publish() -> int:
    """Publish the articles whose time has come."""
    return service.publish_due(now=clock.now())

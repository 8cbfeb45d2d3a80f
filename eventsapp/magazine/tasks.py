"""Background entry of the magazine."""

from eventsapp.core import clock
from eventsapp.magazine import service


def publish() -> int:
    """Publish the articles and the issues whose time has come."""
    now = clock.now()
    return service.publish_due(now=now) + service.publish_due_issues(now=now)

"""Background entry of the magazine."""

from eventsapp.core import clock, unit_of_work
from eventsapp.magazine import service


def publish() -> int:
    """Publish the articles and the issues whose time has come."""
    now = clock.now()
    return service.publish_due(now=now) + service.publish_due_issues(now=now)


def open_articles() -> int:
    """Let everybody read the reserved articles whose time has come."""
    return service.open_due(now=clock.now())


def forget_pictures() -> int:
    """Delete pictures that never came into a text."""
    with unit_of_work.transaction():
        return service.forget_pictures(now=clock.now())

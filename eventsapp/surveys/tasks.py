"""Background entry of surveys."""

from eventsapp.core import clock, unit_of_work
from eventsapp.surveys import service


def forget() -> int:
    """Forget whose the answers are of questionnaires that are closed."""
    with unit_of_work.transaction():
        return service.forget_whose(now=clock.now())

"""Background entry of documents."""

from eventsapp.core import clock, unit_of_work
from eventsapp.study_days import service as study_days


def tidy() -> int:
    """Erase the documents that were taken away long enough ago."""
    with unit_of_work.transaction():
        return study_days.erase_removed(now=clock.now())

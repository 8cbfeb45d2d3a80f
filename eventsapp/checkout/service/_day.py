"""A day is called off or moved: everybody who has a seat there, or bought one, is told once."""

from datetime import date, datetime

from eventsapp.accounts.models import User
from eventsapp.registrations import mails
from eventsapp.registrations import queries as registrations
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay


def cancel_day(day: StudyDay, *, note: str, actor: User, now: datetime) -> int:
    """Call ``day`` off for good and tell its people; return how many. Raises ``IllegalTransition``, ``Conflict``."""
    study_days.cancel(day, note=note, actor=actor, now=now)
    return mails.day_cancelled(day, registrations.of_day(day.id), now=now)


def postpone_day(day: StudyDay, *, to: date | None, note: str, reopen: bool, actor: User, now: datetime) -> int:
    """Move ``day`` to another date, or to one to be found, and tell its people; return how many.

    Raises ``IllegalTransition``, ``Invalid`` and ``Conflict``.
    """
    before = day.local_start
    study_days.postpone(day, to=to, note=note, reopen=reopen, actor=actor, now=now)
    return mails.day_postponed(day, registrations.of_day(day.id), before=before, to=to, now=now)

"""What every change of a day begins and ends with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus

#: What a calendar shows of a day; on a day that visitors see, a change of it raises the entry's SEQUENCE.
_IN_CALENDARS = frozenset({"title", "starts_at", "ends_at", "city_id", "venue_id", "status", "status_note"})


def claim(day: StudyDay, *, version: int, now: datetime) -> None:
    """Take ``day`` for this change alone; raise ``Conflict`` when somebody saved after ``version`` was read.

    The database compares and raises in one statement: of two editors at once, the second is told.
    """
    raised = db.session.scalar(
        sa.update(StudyDay)
        .where(StudyDay.id == day.id, StudyDay.version == version)
        .values(version=StudyDay.version + 1, updated_at=now)
        .returning(StudyDay.version)
    )
    if raised is None:
        raise Conflict("Quelqu’un a modifié cette journée depuis que vous l’avez ouverte.")
    # Nobody takes or frees a seat from here to the commit: the row is ours.
    db.session.refresh(day, ["version", "seats_taken"])


def note(
    action: str,
    day: StudyDay,
    before: Mapping[str, Any],
    *,
    actor: User,
    now: datetime,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write the history of what differs from ``before``, and raise the SEQUENCE of calendars where they show it.

    ``after`` is the present state of the day's own fields unless given.
    """
    changes = audit.difference(before, after if after is not None else {name: getattr(day, name) for name in before})
    if not changes:
        return
    if day.status is not StudyDayStatus.DRAFT and _IN_CALENDARS.intersection(changes):
        day.calendar_sequence += 1
    audit.record(action, actor=actor, subject=subject(day), now=now, changes=changes)


def state(day: StudyDay, *names: str) -> dict[str, Any]:
    """Return the present values of these fields."""
    return {name: getattr(day, name) for name in names}


def subject(day: StudyDay) -> tuple[str, int, str]:
    """Return how the history names ``day``."""
    return ("study_day", day.id, day.title)

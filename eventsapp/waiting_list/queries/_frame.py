"""What stands around every page of a day in the office."""

from datetime import datetime
from typing import Any

from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list.queries._entries import totals_of


def frame_of(day: StudyDay, *, now: datetime, with_waiting: bool) -> dict[str, Any]:
    """Return what the frame of a day's pages asks for; who waits for those who may know."""
    return {
        "day": day,
        "standing": study_days.standing_in_office(day, now=now),
        "past": day.ends_at <= now,
        "waiting": totals_of([day.id]).get(day.id) if with_waiting else None,
    }

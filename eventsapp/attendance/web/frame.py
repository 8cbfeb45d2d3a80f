"""What stands around the office's pages of who came to a day."""

from typing import Any

from eventsapp.attendance import queries
from eventsapp.core import clock
from eventsapp.study_days.models import StudyDay


def around(day: StudyDay, *, part: str) -> dict[str, Any]:
    """Return what the pages of a day have in common: its counts, and which ``part`` of them is shown."""
    return {
        "day": day,
        "part": part,
        "day_counts": queries.counts(day.id),
        "conflicts": queries.conflicts(day.id),
        "is_over": day.ends_at <= clock.now(),
    }

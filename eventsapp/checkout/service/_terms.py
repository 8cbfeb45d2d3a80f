"""Writing the terms on which buyers cancel: of one day, or of all that have none of their own."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import queries
from eventsapp.checkout.models import CancellationTerms
from eventsapp.core import french
from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay


def save_cancellation_terms(
    day: StudyDay | None, *, steps: Sequence[tuple[int, int]], actor: User, now: datetime
) -> None:
    """Keep pairs of days before the event and percent kept, for ``day`` or for all; none for a day: those of all.

    Orders already placed keep the terms of their day.
    """
    kept = queries.cancellation_terms(day.id if day else None)
    before = _words(kept.steps) if kept else ""
    ordered = [list(step) for step in sorted(set(steps), reverse=True)]
    if day is not None and not ordered:
        if kept is not None:
            db.session.delete(kept)
    elif kept is None:
        db.session.add(CancellationTerms(study_day_id=day.id if day else None, steps=ordered, updated_at=now))
    else:
        kept.steps, kept.updated_at = ordered, now
    audit.record(
        "cancellation_terms.edit",
        subject=("study_day", day.id, day.title) if day else ("cancellation_terms", 0, "toutes les journées"),
        now=now,
        actor=actor,
        changes={"steps": [before, _words(ordered)]},
    )


def _words(steps: Sequence[Sequence[int]]) -> str:
    return ", ".join(f"{days} j : {french.percent(percent * 100)}" for days, percent in steps)

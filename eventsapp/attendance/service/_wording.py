"""What the office has printed on papers, and which of them a day has."""

from dataclasses import asdict
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.attendance import queries
from eventsapp.attendance.models import DayPapers
from eventsapp.attendance.values import DayPapersDraft, WordingDraft
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay


def save_wording(draft: WordingDraft, *, actor: User, now: datetime) -> None:
    """Print ``draft`` on what is made from now on."""
    kept = queries.wording()
    changed = {name: value for name, value in asdict(draft).items() if getattr(kept, name) != value}
    for name, value in changed.items():
        setattr(kept, name, value)
    kept.updated_at = now
    if changed:
        audit.record(
            "papers.wording", subject=("paper_wording", kept.id, "papiers"), now=now, actor=actor, changes=changed
        )


def save_day_papers(day: StudyDay, draft: DayPapersDraft, *, actor: User, now: datetime) -> None:
    """Say whether a day is a training, and whether its certificates leave by themselves."""
    kept = queries.papers_of_day(day.id) or DayPapers(study_day_id=day.id)
    changed = {name: value for name, value in asdict(draft).items() if getattr(kept, name) != value}
    for name, value in changed.items():
        setattr(kept, name, value)
    db.session.add(kept)
    db.session.flush()
    if changed:
        audit.record("papers.day", subject=("study_day", day.id, day.title), now=now, actor=actor, changes=changed)

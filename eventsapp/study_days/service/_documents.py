"""What a day hands out: files and links, of the day or of one of its sessions."""

from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.study_days.models import DayDocument, StudyDay
from eventsapp.study_days.service import _edits


def add_document(
    day: StudyDay,
    *,
    title: str,
    session_id: int | None = None,
    file: StoredFile | None = None,
    url: str = "",
    actor: User,
    now: datetime,
) -> DayDocument:
    """Add a file, or a link, to ``day``, its documents loaded."""
    before = _told(day)
    document = DayDocument(title=title, session_id=session_id, file=file, url=url, position=len(day.documents) + 1)
    day.documents.append(document)
    db.session.flush()
    _note(day, before, actor=actor, now=now)
    return document


def edit_document(
    day: StudyDay, document: DayDocument, *, title: str, session_id: int | None, actor: User, now: datetime
) -> None:
    """Change what a document is called and which session it belongs to."""
    before = _told(day)
    document.title, document.session_id = title, session_id
    _note(day, before, actor=actor, now=now)


def move_document(day: StudyDay, document: DayDocument, *, by: int, actor: User, now: datetime) -> None:
    """Move a document up (``by`` -1) or down (1) among those of the day."""
    before = _told(day)
    order = sorted(day.documents, key=lambda other: other.position)
    place = order.index(document)
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    for number, other in enumerate(order, start=1):
        other.position = number
    day.documents.sort(key=lambda other: other.position)
    _note(day, before, actor=actor, now=now)


def remove_document(day: StudyDay, document: DayDocument, *, actor: User, now: datetime) -> None:
    """Take a document away; its file goes with it."""
    before = _told(day)
    file = document.file
    day.documents.remove(document)
    db.session.flush()
    if file is not None:
        files.delete(file)
    _note(day, before, actor=actor, now=now)


def _told(day: StudyDay) -> dict[str, str]:
    return {"documents": "\n".join(document.title for document in day.documents)}


def _note(day: StudyDay, before: dict[str, str], *, actor: User, now: datetime) -> None:
    day.updated_at = now
    _edits.note("study_days.edit", day, before, after=_told(day), actor=actor, now=now)

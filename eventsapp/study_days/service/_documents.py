"""What a day hands out: files and links, of the day or of one of its sessions."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.study_days import queries
from eventsapp.study_days.models import DayDocument, StudyDay
from eventsapp.study_days.service import _edits
from eventsapp.study_days.statuses import DocumentAudience

#: So long what was taken away may be put back.
KEPT_AFTER_REMOVAL = timedelta(days=30)


def add_document(
    day: StudyDay,
    *,
    title: str,
    session_id: int | None = None,
    file: StoredFile | None = None,
    url: str = "",
    audience: DocumentAudience = DocumentAudience.PUBLIC,
    actor: User,
    now: datetime,
) -> DayDocument:
    """Add a file, or a link, to ``day``, its documents loaded."""
    before = _told(day.documents)
    document = DayDocument(
        title=title, session_id=session_id, file=file, url=url, audience=audience, position=_last(day) + 1
    )
    day.documents.append(document)
    db.session.flush()
    _note(day, before, day.documents, actor=actor, now=now)
    return document


def edit_document(
    day: StudyDay,
    document: DayDocument,
    *,
    title: str,
    session_id: int | None,
    audience: DocumentAudience,
    file: StoredFile | None = None,
    url: str = "",
    actor: User,
    now: datetime,
) -> None:
    """Change what a document is called, which session it belongs to and whom it is for.

    With a ``file`` or a ``url`` it is replaced under the same address; what stood there may be put back.
    """
    before = _told(day.documents)
    if file is not None or url:
        db.session.add(
            DayDocument(
                study_day_id=day.id,
                session_id=document.session_id,
                title=document.title,
                file_id=document.file_id,
                url=document.url,
                audience=document.audience,
                position=document.position,
                removed_at=now,
            )
        )
        document.file, document.url = file, url
    document.title, document.session_id, document.audience = title, session_id, audience
    _note(day, before, day.documents, actor=actor, now=now)


def move_document(day: StudyDay, document: DayDocument, *, by: int, actor: User, now: datetime) -> None:
    """Move a document up (``by`` -1) or down (1) among those of the day."""
    before = _told(day.documents)
    order = sorted(day.documents, key=lambda other: other.position)
    place = order.index(document)
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    for number, other in enumerate(order, start=1):
        other.position = number
    day.documents.sort(key=lambda other: other.position)
    _note(day, before, day.documents, actor=actor, now=now)


def remove_document(day: StudyDay, document: DayDocument, *, actor: User, now: datetime) -> None:
    """Take a document away; nobody may have it from then on, and for a while it may be put back."""
    document.removed_at = now
    left = [other for other in day.documents if other is not document]
    _note(day, _told(day.documents), left, actor=actor, now=now)


def restore_document(day: StudyDay, document: DayDocument, *, actor: User, now: datetime) -> None:
    """Put a document back that was taken away, or replaced, at the end of the others."""
    document.removed_at, document.position = None, _last(day) + 1
    _note(day, _told(day.documents), [*day.documents, document], actor=actor, now=now)


def erase_removed(*, now: datetime) -> int:
    """Erase the documents that were taken away long enough ago, and their files; return how many."""
    gone = queries.documents_to_erase(before=now - KEPT_AFTER_REMOVAL)
    for document in gone:
        file = document.file
        db.session.delete(document)
        db.session.flush()
        if file is not None:
            files.delete(file)
    return len(gone)


def _last(day: StudyDay) -> int:
    return max((document.position for document in day.documents), default=0)


def _told(documents: Iterable[DayDocument]) -> dict[str, str]:
    return {"documents": "\n".join(f"{document.title} ({document.audience})" for document in documents)}


def _note(
    day: StudyDay, before: dict[str, str], documents: Iterable[DayDocument], *, actor: User, now: datetime
) -> None:
    day.updated_at = now
    _edits.note("study_days.edit", day, before, after=_told(documents), actor=actor, now=now)

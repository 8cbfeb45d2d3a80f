"""Documents of days: which file visitors may have, one by its key, and what was taken away."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.files.queries import is_named_in
from eventsapp.study_days.models import DayDocument, StudyDay
from eventsapp.study_days.statuses import SHOWN, DocumentAudience


def file_is_shown(file_id: InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """Be the file of that key a document of a day that every visitor may have."""
    return (
        sa.exists()
        .where(
            DayDocument.file_id == file_id,
            DayDocument.audience == DocumentAudience.PUBLIC,
            DayDocument.removed_at.is_(None),
        )
        .where(DayDocument.study_day_id == StudyDay.id, StudyDay.status.in_(SHOWN))
    )


def file_is_named() -> sa.ColumnElement[bool]:
    """Be the file of the enclosing query named in the page of a day that visitors may see."""
    return sa.exists().where(StudyDay.status.in_(SHOWN), is_named_in(StudyDay.description, StudyDay.practical))


def shown_document(document_id: int) -> DayDocument | None:
    """Return that document, its file and day loaded, if visitors may know of it, or ``None``."""
    return db.session.scalar(
        sa.select(DayDocument)
        .join(DayDocument.study_day)
        .where(
            DayDocument.id == document_id,
            DayDocument.removed_at.is_(None),
            StudyDay.status.in_(SHOWN),
        )
        .options(joinedload(DayDocument.file), contains_eager(DayDocument.study_day))
    )


def documents_of_day(study_day_id: int) -> Sequence[DayDocument]:
    """Return what a day hands out, files loaded, in the organiser's order."""
    return db.session.scalars(
        sa.select(DayDocument)
        .where(DayDocument.study_day_id == study_day_id, DayDocument.removed_at.is_(None))
        .options(joinedload(DayDocument.file))
        .order_by(DayDocument.position, DayDocument.id)
    ).all()


def documents_of_sessions(session_ids: Collection[int]) -> Sequence[DayDocument]:
    """Return what was handed out at these sessions, files loaded, in the organiser's order."""
    return db.session.scalars(
        sa.select(DayDocument)
        .where(DayDocument.session_id.in_(session_ids), DayDocument.removed_at.is_(None))
        .options(joinedload(DayDocument.file))
        .order_by(DayDocument.position, DayDocument.id)
    ).all()


def removed_documents(study_day_id: int) -> Sequence[DayDocument]:
    """Return what was taken away from a day and may be put back, files loaded, the latest first."""
    return db.session.scalars(
        sa.select(DayDocument)
        .where(DayDocument.study_day_id == study_day_id, DayDocument.removed_at.is_not(None))
        .options(joinedload(DayDocument.file))
        .order_by(DayDocument.removed_at.desc(), DayDocument.id.desc())
    ).all()


def documents_to_erase(*, before: datetime) -> Sequence[DayDocument]:
    """Return what was taken away before that moment, files loaded."""
    return db.session.scalars(
        sa.select(DayDocument).where(DayDocument.removed_at < before).options(joinedload(DayDocument.file))
    ).all()

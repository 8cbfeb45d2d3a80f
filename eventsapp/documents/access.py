"""Who may have a document of a day: decided here for the day's page, the session's, the report's and the seat's."""

from datetime import datetime

from eventsapp.accounts.access import Permission, permissions_of
from eventsapp.accounts.models import User
from eventsapp.magazine import access as magazine
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED
from eventsapp.study_days.models import DayDocument
from eventsapp.study_days.statuses import DocumentAudience

EVERYBODY = frozenset({DocumentAudience.PUBLIC})


def can_read(document: DayDocument, reader: User | None, *, seat: Registration | None = None, now: datetime) -> bool:
    """Return whether ``reader`` (``None``: anybody), or who has the private link of ``seat``, may have the document."""
    if document.removed_at is not None:
        return False
    return document.audience is DocumentAudience.PUBLIC or document.audience in audiences(
        document.study_day_id, reader, seat=seat, now=now
    )


def audiences(
    study_day_id: int, reader: User | None, *, seat: Registration | None = None, now: datetime
) -> frozenset[DocumentAudience]:
    """Return the audiences of a day's documents that somebody belongs to; no query for anybody, two at most.

    Who has a confirmed seat paid for the day: what it hands out is theirs, what is for subscribers too. A seat that
    is cancelled opens nothing, and neither does the link of one that is still to be named.
    """
    if reader is not None and Permission.STUDY_DAYS_VIEW in permissions_of(reader):
        return frozenset(DocumentAudience)
    if _attends(study_day_id, reader, seat):
        return frozenset(DocumentAudience)
    if magazine.subscribes(reader, now=now):
        return EVERYBODY | {DocumentAudience.SUBSCRIBERS}
    return EVERYBODY


def _attends(study_day_id: int, reader: User | None, seat: Registration | None) -> bool:
    if seat is not None and seat.study_day_id == study_day_id and seat.is_named and seat.status in CONFIRMED:
        return True
    if reader is None or not reader.is_authenticated or not reader.active:
        return False
    return registrations.has_seat(reader.email, study_day_id=study_day_id)

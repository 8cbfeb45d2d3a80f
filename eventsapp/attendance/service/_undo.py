"""Taking an admission back."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.attendance import errors, queries
from eventsapp.attendance.models import CheckIn, Presence
from eventsapp.attendance.service._open import require_open
from eventsapp.attendance.statuses import CheckInKind, Outcome, Source
from eventsapp.audit import service as audit
from eventsapp.audit.service import Actor
from eventsapp.core.db import db
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay


def undo(seat: Registration, *, day: StudyDay, device: str, by: Actor, now: datetime) -> CheckIn:
    """Take back that somebody was let in, of several dates on the last: what the door knew of that date is forgotten.

    Without another date the seat is awaited again.

    Raises ``DayOver`` after the last date of ``day``, when nobody could be let in again, and ``NotAdmitted`` when
    nobody was and when the signed sheet says that the person came.
    """
    require_open(day, at=now)
    registrations.hold({seat.id})
    admissions = queries.live_admissions(seat.id)
    if not admissions:
        raise errors.NotAdmitted(_("%(name)s : aucune entrée à annuler.", name=seat.name))
    return undo_admission(admissions[-1], seat, device=device, by=by, now=now)


def undo_entries(
    entry_ids: Collection[int], *, day: StudyDay, device: str, by: Actor, now: datetime
) -> tuple[list[str], list[errors.NotAdmitted]]:
    """Take back these entries of ``day`` at once; return the names of whom it was done for, and why not of others.

    One that was taken back meanwhile is as wanted. Raises ``DayOver``.
    """
    require_open(day, at=now)
    registrations.hold({row.registration_id for row in queries.entries(entry_ids, day_id=day.id)})
    undone, refused = [], []
    # Read again: they are this transaction’s only now.
    for row in queries.entries(entry_ids, day_id=day.id):
        try:
            undo_admission(row, row.registration, device=device, by=by, now=now)
        except errors.NotAdmitted as refusal:
            refused.append(refusal)
        else:
            undone.append(row.registration.name)
    return undone, refused


def undo_admission(admission: CheckIn, seat: Registration, *, device: str, by: Actor, now: datetime) -> CheckIn:
    """Do the same for one admission of a seat that this transaction holds. Raises ``NotAdmitted``."""
    if admission.kind is CheckInKind.SHEET or queries.has_sheet_presence(seat.id, on=admission.held_on):
        raise errors.NotAdmitted(
            _("%(name)s figure sur la feuille signée : corrigez d’abord la feuille.", name=seat.name)
        )
    row = take_back(admission, device=device, by=by, now=now)
    if not queries.live_admissions(seat.id):
        registrations.leave(seat.id)
    db.session.execute(
        sa.delete(Presence).where(
            Presence.registration_id == seat.id,
            Presence.source == Source.DOOR,
            Presence.held_on == admission.held_on,
        )
    )
    audit.record("attendance.undo", subject=("registration", seat.id, seat.name), now=now, actor=by)
    return row


def take_back(admission: CheckIn, *, device: str, by: Actor, now: datetime) -> CheckIn:
    """Mark an admission as taken back, and keep who did it."""
    admission.undone_at = now
    # Before another admission of the same seat may be written.
    db.session.flush()
    row = CheckIn(
        study_day_id=admission.study_day_id,
        registration_id=admission.registration_id,
        kind=CheckInKind.UNDO,
        outcome=Outcome.UNDONE,
        at=now,
        received_at=now,
        held_on=admission.held_on,
        device=device,
        by_id=by.id,
        by_label=by.name,
        first_id=admission.id,
    )
    db.session.add(row)
    return row

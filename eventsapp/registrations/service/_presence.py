"""Seats whose people came, or did not."""

from collections.abc import Collection

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.registrations.models import Registration
from eventsapp.registrations.service._seats import hold
from eventsapp.registrations.statuses import RegistrationStatus, before


def attend(registration_id: int) -> bool:
    """Note that somebody came, and return whether this call did: of two doors at once, one is told ``False``.

    The database compares and writes in one statement.
    """
    return _turn(registration_id, to=RegistrationStatus.ATTENDED)


def leave(registration_id: int, *, absent: bool = False) -> bool:
    """Take back that somebody came, and return whether this call did: awaited again, or ``absent``."""
    to = RegistrationStatus.ABSENT if absent else RegistrationStatus.CONFIRMED
    return _turn(registration_id, to=to, of=RegistrationStatus.ATTENDED)


def note_absent(day_id: int, *, absent: bool = True, only: Collection[int] | None = None) -> list[int]:
    """Note as absent whoever was awaited at a day and did not come, or await them again; return their keys.

    Of these seats ``only``, where some are given.
    """
    awaited, missed = RegistrationStatus.CONFIRMED, RegistrationStatus.ABSENT
    of, to = (awaited, missed) if absent else (missed, awaited)
    concerned = [Registration.study_day_id == day_id, Registration.status == of]
    if only is not None:
        concerned.append(Registration.id.in_(only))
    hold(sa.select(Registration.id).where(*concerned))
    return list(
        db.session.scalars(sa.update(Registration).where(*concerned).values(status=to).returning(Registration.id))
    )


def _turn(registration_id: int, *, to: RegistrationStatus, of: RegistrationStatus | None = None) -> bool:
    allowed = before(to) - {RegistrationStatus.CANCELLED, RegistrationStatus.HELD}
    turned = db.session.scalar(
        sa.update(Registration)
        .where(Registration.id == registration_id, Registration.status.in_({of} if of else allowed))
        .values(status=to)
        .returning(Registration.id)
    )
    return turned is not None

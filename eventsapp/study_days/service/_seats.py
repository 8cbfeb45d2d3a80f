"""Seats taken and given back."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.study_days.errors import RegistrationClosed, SoldOut
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.study_days.values import SeatsNow

#: The pages that show seats; a plain statement must say itself that it changed them.
SCOPE = "days"
_count = sa.bindparam("count", type_=sa.Integer)
#: Made once, as every order asks it: making it took longer than running it.
_TAKE = (
    sa.update(StudyDay)
    .where(
        StudyDay.id == sa.bindparam("day"),
        StudyDay.status == StudyDayStatus.PUBLISHED,
        StudyDay.seats_taken + _count <= StudyDay.capacity,
    )
    .values(seats_taken=StudyDay.seats_taken + _count)
    .returning(StudyDay.seats_taken)
    .execution_options(synchronize_session=False)
)


def take_seats(day: StudyDay, *, count: int) -> None:
    """Take ``count`` seats of the day, all or none.

    The database compares and counts in one statement, so that two requests at once can never take the same seat, nor
    one on a day that is called off meanwhile, on SQLite as on PostgreSQL. Raises ``SoldOut`` when too few are left and
    ``RegistrationClosed`` when the day is not, or no more, on offer.
    """
    seats_taken = db.session.scalar(_TAKE, {"day": day.id, "count": count})
    if seats_taken is None:
        # Whoever changed the status has committed by now: the statement waited for it.
        if db.session.scalar(sa.select(StudyDay.status).where(StudyDay.id == day.id)) is not StudyDayStatus.PUBLISHED:
            raise RegistrationClosed("Cette journée ne prend plus d’inscriptions.")
        raise SoldOut("Il ne reste pas assez de places pour cette journée.")
    set_committed_value(day, "seats_taken", seats_taken)
    unit_of_work.touch(SCOPE)


def take_beyond(day: StudyDay, *, count: int) -> None:
    """Take ``count`` seats of the day on purpose, beyond its capacity where need be.

    Raises ``RegistrationClosed`` when the day is not, or no more, on offer.
    """
    taken = StudyDay.seats_taken + count
    beyond = taken - StudyDay.capacity
    seats_taken = db.session.scalar(
        sa.update(StudyDay)
        .where(StudyDay.id == day.id, StudyDay.status == StudyDayStatus.PUBLISHED)
        .values(
            seats_taken=taken,
            overbooked=sa.case((beyond > StudyDay.overbooked, beyond), else_=StudyDay.overbooked),
        )
        .returning(StudyDay.seats_taken)
    )
    if seats_taken is None:
        raise RegistrationClosed("Cette journée ne prend plus d’inscriptions.")
    unit_of_work.touch(SCOPE)


def hold(day_ids: Collection[int]) -> None:
    """Let nobody else take or free seats of these days until the transaction ends; the lowest key comes first.

    For who needs seats of several orders: each order takes those of its own days in that order anyway.
    """
    db.session.execute(
        sa.select(StudyDay.id).where(StudyDay.id.in_(day_ids)).order_by(StudyDay.id).with_for_update(key_share=True)
    )


def lock(day_id: int) -> SeatsNow:
    """Let nobody else take or free seats of the day until the transaction ends; return how they stand."""
    row = db.session.execute(
        sa.select(
            StudyDay.status,
            StudyDay.capacity,
            StudyDay.seats_taken,
            StudyDay.registration_opens_at,
            StudyDay.registration_closes_at,
            StudyDay.starts_at,
        )
        .where(StudyDay.id == day_id)
        .with_for_update(key_share=True)
    ).one()
    return SeatsNow(
        status=row.status,
        capacity=row.capacity,
        seats_taken=row.seats_taken,
        opens_at=row.registration_opens_at,
        closes_at=min(row.registration_closes_at, row.starts_at),
    )


def free_seats(day_id: int, *, count: int) -> None:
    """Give ``count`` seats back; what a lowered capacity left overbooked goes first."""
    left = StudyDay.seats_taken - count
    beyond = left - StudyDay.capacity
    db.session.execute(
        sa.update(StudyDay)
        .where(StudyDay.id == day_id)
        .values(seats_taken=left, overbooked=sa.case((beyond > 0, beyond), else_=0))
    )
    unit_of_work.touch(SCOPE)

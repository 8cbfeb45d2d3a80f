"""Use cases of days."""

import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.study_days.errors import SoldOut
from eventsapp.study_days.models import StudyDay

#: The pages that show seats; a plain statement must say itself that it changed them.
SCOPE = "days"


def take_seats(day: StudyDay, *, count: int) -> None:
    """Take ``count`` seats of the day, all or none; raise ``SoldOut`` when too few are left.

    The database compares and counts in one statement, so that two requests at once can never
    take the same seat, on SQLite as on PostgreSQL.
    """
    seats_taken = db.session.scalar(
        sa.update(StudyDay)
        .where(StudyDay.id == day.id, StudyDay.seats_taken + count <= StudyDay.capacity)
        .values(seats_taken=StudyDay.seats_taken + count)
        .returning(StudyDay.seats_taken)
    )
    if seats_taken is None:
        raise SoldOut("Il ne reste pas assez de places pour cette journée.")
    unit_of_work.touch(SCOPE)


def free_seats(day_id: int, *, count: int) -> None:
    """Give ``count`` seats back."""
    db.session.execute(
        sa.update(StudyDay).where(StudyDay.id == day_id).values(seats_taken=StudyDay.seats_taken - count)
    )
    unit_of_work.touch(SCOPE)

"""The application with the guard of the seats taken away, for control runs: a test that still passes proves nothing."""

import time

import sqlalchemy as sa

from eventsapp.core import db as database
from eventsapp.core.db import db
from eventsapp.factory import create_app
from eventsapp.study_days import service
from eventsapp.study_days.errors import SoldOut
from eventsapp.study_days.models import StudyDay


def take_seats_carelessly(day: StudyDay, *, count: int) -> None:
    """Read, compare, write: what another request does in between is lost."""
    taken = db.session.scalar(sa.select(StudyDay.seats_taken).where(StudyDay.id == day.id)) or 0
    if taken + count > day.capacity:
        raise SoldOut("complet")
    time.sleep(0.01)
    db.session.execute(sa.update(StudyDay).where(StudyDay.id == day.id).values(seats_taken=taken + count))


class Never:
    """Says that no transaction writes, so that SQLite takes its write lock late."""

    def get(self) -> bool:
        return False

    def set(self, _value: bool) -> None:
        """Forget it."""

    def reset(self, _token: None) -> None:
        """Nothing was set."""


service.take_seats = take_seats_carelessly
database._may_write = Never()  # type: ignore[assignment]
app = create_app()

"""People who came to days."""

from datetime import UTC, date, datetime, timedelta

from eventsapp.core.db import db
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day


def came_to(on: date, *numbers: int) -> None:
    """Let these people come to a day."""
    day = make_study_day(starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC))
    for number in numbers:
        place(seats(day, an_attendee(number)))
    day.starts_at = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
    day.ends_at = day.starts_at + timedelta(hours=8)
    day.registration_closes_at = day.starts_at
    db.session.commit()


def address(number: int) -> str:
    return f"claude.roux{number}@ville-exemple.fr"

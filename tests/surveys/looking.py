"""Days that are over, and what their people answer."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.surveys import service
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day


def a_day(*, people: int = 1) -> tuple[StudyDay, list[int], datetime]:
    """Make a day with so many people; return it, the keys of their seats, and the morning after."""
    day = make_study_day()
    place(seats(day, *(an_attendee(number) for number in range(1, people + 1))))
    return day, seat_ids(day), day.ends_at + timedelta(days=1)


def seat_ids(day: StudyDay) -> list[int]:
    return list(
        db.session.scalars(
            sa.select(Registration.id).where(Registration.study_day_id == day.id).order_by(Registration.id)
        )
    )


def answer(seat_id: int, now: datetime, **answers: str) -> None:
    """Answer as the person of a seat does, in a transaction of its own."""
    with unit_of_work.transaction():
        service.answer(registrations.seat_as_it_is(seat_id), answers, now=now)

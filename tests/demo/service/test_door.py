"""The doors of the demonstration."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from eventsapp.attendance import queries
from eventsapp.attendance.models import CheckIn
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay


def _last_day() -> StudyDay:
    last: StudyDay = db.session.scalars(
        sa.select(StudyDay)
        .where(StudyDay.ends_at < clock.now() - timedelta(days=1), StudyDay.seats_taken > 0)
        .order_by(StudyDay.ends_at.desc())
    ).first()  # type: ignore[assignment]
    return last


def test_the_last_day_had_two_doors_some_who_stayed_away_and_something_to_look_at(demo: Flask) -> None:
    day = _last_day()
    counts = queries.counts(day.id)
    arrivals = queries.arrivals(day.id, on=day.date)

    assert counts.arrived == len(arrivals)
    assert (counts.awaited, counts.arrived > 10 * counts.absent > 0) == (0, True)
    assert queries.conflicts(day.id) > 0
    assert len({person.door for person in queries.presences(day.id) if person.came}) == 2
    assert (day.starts_at - arrivals[0]).total_seconds() <= 41 * 60
    assert {sum(person.present.values()) for person in queries.presences(day.id) if person.came} == {1, 2}


def test_whoever_attended_was_let_in_once(demo: Flask) -> None:
    attended = sa.select(Registration.id).where(Registration.status == RegistrationStatus.ATTENDED)
    admitted = sa.select(CheckIn.registration_id).where(CheckIn.outcome == "admitted", CheckIn.undone_at.is_(None))

    keys = sorted(db.session.scalars(attended))

    assert keys
    assert sorted(db.session.scalars(admitted)) == keys


def test_a_day_is_held_today_whose_door_can_be_tried(demo: Flask) -> None:
    now = clock.now()
    [day] = [day for day in db.session.scalars(sa.select(StudyDay)) if day.date == clock.local_date(now)]
    counts = queries.counts(day.id)

    assert day.is_held_at(now)
    assert (counts.expected, counts.arrived, counts.absent) == (12, 0, 0)

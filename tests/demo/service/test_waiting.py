"""The full day of the demonstration has a waiting list."""

import sqlalchemy as sa
from flask import Flask

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import Availability
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import EntryStatus


def test_a_group_too_large_is_passed_over_and_the_next_one_is_offered_a_seat(demo: Flask) -> None:
    groups = db.session.execute(sa.select(WaitingEntry.seats, WaitingEntry.status).order_by(WaitingEntry.rank)).all()
    day = db.session.scalars(sa.select(StudyDay).where(StudyDay.slug == "reims-agglomeration-communes")).one()

    assert [tuple(group) for group in groups] == [
        (4, EntryStatus.WAITING),
        (1, EntryStatus.OFFERED),
        (2, EntryStatus.WAITING),
    ]
    assert day.availability(clock.now()) is Availability.FULL

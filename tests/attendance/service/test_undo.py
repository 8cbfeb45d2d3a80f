"""Taking an admission back."""

from datetime import timedelta

import pytest

from eventsapp.attendance import queries, service
from eventsapp.attendance.errors import DayOver, NotAdmitted
from eventsapp.attendance.models import CheckIn, Presence
from eventsapp.attendance.statuses import Outcome, Source
from eventsapp.attendance.values import Marks
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of

pytestmark = pytest.mark.usefixtures("transaction")


def _undo(day: StudyDay) -> None:
    with unit_of_work.transaction():
        service.undo(seats_of(day)[0], day=day, device="Porte A", by=make_door(), now=ARRIVAL + timedelta(minutes=1))


def test_the_seat_is_awaited_again_and_the_ticket_lets_in_again() -> None:
    day = make_open_day()
    door = make_door()
    scan(day, codes_of(day)[0], by=door, device="Porte A")

    _undo(day)

    assert seats_of(day)[0].status is RegistrationStatus.CONFIRMED
    assert db.session.query(Presence).count() == 0
    assert queries.arrivals(day.id, on=queries.date_at(day, ARRIVAL)) == []
    assert [entry.action for entry in db.session.query(AuditEntry).filter(AuditEntry.action.like("attendance.%"))] == [
        "attendance.undo"
    ]
    again = scan(day, codes_of(day)[0], by=door, device="Porte B", now=ARRIVAL + timedelta(minutes=2))
    assert again.outcome is Outcome.ADMITTED
    assert [row.outcome for row in db.session.query(CheckIn).order_by(CheckIn.id)] == [
        Outcome.ADMITTED,
        Outcome.UNDONE,
        Outcome.ADMITTED,
    ]
    assert queries.arrivals(day.id, on=queries.date_at(day, ARRIVAL)) == [ARRIVAL + timedelta(minutes=2)]


def test_nobody_who_has_not_come_is_taken_back() -> None:
    day = make_open_day()

    with pytest.raises(NotAdmitted):
        _undo(day)


def test_after_the_last_date_an_entry_stays() -> None:
    day = make_open_day()
    scan(day, codes_of(day)[0], by=make_door())

    with pytest.raises(DayOver), unit_of_work.transaction():
        service.undo(seats_of(day)[0], day=day, device="", by=make_door(), now=ARRIVAL + timedelta(days=1))
    assert seats_of(day)[0].status is RegistrationStatus.ATTENDED


def test_what_the_signed_sheet_says_is_corrected_on_the_sheet() -> None:
    day = make_open_day()
    scan(day, codes_of(day)[0], by=make_door())
    marks = [Marks(registration_id=seats_of(day)[0].id, present={queries.half_days(day)[1]: True})]
    with unit_of_work.transaction():
        service.enter(day, marks=marks, source=Source.SHEET, actor=make_door(), now=ARRIVAL)

    with pytest.raises(NotAdmitted):
        _undo(day)
    assert seats_of(day)[0].status is RegistrationStatus.ATTENDED

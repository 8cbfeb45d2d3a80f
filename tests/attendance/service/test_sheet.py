"""Entering who was there from the signed sheet."""

from datetime import timedelta

import pytest

from eventsapp.attendance import queries, service
from eventsapp.attendance.errors import DayNotOver
from eventsapp.attendance.models import CheckIn
from eventsapp.attendance.statuses import CheckInKind, Outcome, Source
from eventsapp.attendance.values import HalfDay, Marks
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("transaction")

EVENING = ARRIVAL + timedelta(hours=12)


def _enter(day: StudyDay, *marks: tuple[int, dict[HalfDay, bool]]) -> int:
    with unit_of_work.transaction():
        return service.enter(
            day,
            marks=[Marks(registration_id=key, present=present) for key, present in marks],
            source=Source.SHEET,
            actor=make_door(),
            now=EVENING,
        )


def _statuses(day: StudyDay) -> list[str]:
    return [seat.status.value for seat in seats_of(day)]


def test_who_signed_for_one_half_day_attended_without_an_hour_of_arrival() -> None:
    day = make_open_day(2)
    _morning, afternoon = queries.half_days(day)

    assert _enter(day, (seats_of(day)[0].id, {afternoon: True})) == 1

    one, other = queries.presences(day.id)
    assert (one.came, one.present, one.arrived_at) == (True, {afternoon: True}, None)
    assert (other.came, other.present) == (False, {})
    assert queries.arrivals(day.id, on=queries.date_at(day, ARRIVAL)) == []
    row = db.session.query(CheckIn).one()
    assert (row.kind, row.outcome) == (CheckInKind.SHEET, Outcome.ADMITTED)


def test_what_the_sheet_adds_to_the_door_is_both() -> None:
    day = make_open_day()
    morning, afternoon = queries.half_days(day)
    scan(day, codes_of(day)[0], by=make_door(), device="Porte A")

    _enter(day, (seats_of(day)[0].id, {afternoon: True}))

    person = queries.presences(day.id)[0]
    assert (person.present, person.arrived_at, person.door) == ({morning: True, afternoon: True}, ARRIVAL, "Porte A")


def test_who_was_there_for_no_half_day_is_awaited_again() -> None:
    day = make_open_day()
    morning, _afternoon = queries.half_days(day)
    scan(day, codes_of(day)[0], by=make_door())

    _enter(day, (seats_of(day)[0].id, {morning: False}))

    assert _statuses(day) == ["confirmed"]
    assert scan(day, codes_of(day)[0], by=make_door()).outcome is Outcome.ADMITTED


def test_the_same_sheet_twice_changes_nothing_and_tells_nothing() -> None:
    day = make_open_day()
    marks = (seats_of(day)[0].id, {queries.half_days(day)[0]: True})

    assert [_enter(day, marks), _enter(day, marks)] == [1, 0]
    entry = db.session.query(AuditEntry).filter_by(action="attendance.sheet").one()
    assert entry.changes == {"people": 1, "Claude Roux1": "matin\u00a0: présent"}


def test_seats_of_another_day_and_half_days_of_none_are_left_out() -> None:
    day, other = make_open_day(), make_open_day()
    morning, _afternoon = queries.half_days(day)
    elsewhere = HalfDay(morning.on - timedelta(days=1), morning.part)

    assert _enter(day, (seats_of(other)[0].id, {morning: True}), (seats_of(day)[0].id, {elsewhere: True})) == 0
    assert _statuses(day) + _statuses(other) == ["confirmed", "confirmed"]


def test_who_did_not_come_is_noted_once_the_day_is_over_and_may_be_awaited_again() -> None:
    day = make_open_day(3)
    scan(day, codes_of(day)[0], by=make_door())
    actor = make_door()

    with pytest.raises(DayNotOver), unit_of_work.transaction():
        service.note_absent(day, absent=True, actor=actor, now=ARRIVAL)
    assert _statuses(day) == ["attended", "confirmed", "confirmed"]
    for absent, expected in ((True, "absent"), (False, "confirmed")):
        with unit_of_work.transaction():
            assert service.note_absent(day, absent=absent, actor=actor, now=EVENING) == 2
        assert _statuses(day) == ["attended", expected, expected]
    counts = queries.counts(day.id)
    assert (counts.expected, counts.arrived, counts.absent, counts.awaited) == (3, 1, 0, 2)


def test_presences_take_as_many_queries_for_three_people_as_for_twenty() -> None:
    counted = []
    for people in (3, 20):
        day = make_open_day(people)
        scan(day, codes_of(day)[0], by=make_door())
        key = day.id
        db.session.expire_all()
        with counting_queries() as count:
            assert len(queries.presences(key)) == people
        counted.append(count())

    assert counted == [3, 3]


def test_a_cancelled_seat_counts_nowhere() -> None:
    day = make_open_day(2)
    seats_of(day)[0].status = RegistrationStatus.CANCELLED
    db.session.commit()

    assert len(queries.presences(day.id)) == queries.counts(day.id).expected == 1

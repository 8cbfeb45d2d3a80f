"""A day that lasts several: on each of its dates a ticket opens the door once, whatever the network."""

from datetime import date, datetime, timedelta

import pytest

from eventsapp.accounts.models import User
from eventsapp.attendance import queries, service
from eventsapp.attendance.models import Presence
from eventsapp.attendance.statuses import Outcome
from eventsapp.attendance.values import Answer, Scan
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("transaction")

MORROW = ARRIVAL + timedelta(days=1)
ADMITTED, ALREADY, DAY_OVER = Outcome.ADMITTED, Outcome.ALREADY, Outcome.DAY_OVER


@pytest.fixture
def two_dates() -> StudyDay:
    ends_at = make_study_day(slug="modele").ends_at + timedelta(days=1)
    return make_open_day(3, slug="deux-jours", ends_at=ends_at)


@pytest.fixture
def door() -> User:
    return make_door()


def outcomes(day: StudyDay, door: User, *moments: datetime) -> list[Outcome]:
    return [scan(day, codes_of(day)[0], by=door, now=moment).outcome for moment in moments]


def present(day: StudyDay) -> list[str]:
    seat = seats_of(day)[0]
    rows = db.session.query(Presence).filter_by(registration_id=seat.id).order_by(Presence.held_on)
    return [f"{row.held_on:%d} {row.part.value}" for row in rows]


def handed_over(day: StudyDay, door: User, *moments: datetime, now: datetime) -> list[Answer]:
    """Hand over what a phone kept of the first ticket."""
    code = codes_of(day)[0]
    scans = [Scan(code=code, at=moment, key=f"hors-ligne-{moment.isoformat()}") for moment in moments]
    with unit_of_work.transaction():
        return service.check_in_all(scans, day=db.session.merge(day), by=door, now=now)


def test_each_date_lets_in_once(two_dates: StudyDay, door: User) -> None:
    moments = (ARRIVAL, ARRIVAL + timedelta(hours=5), MORROW, MORROW + timedelta(minutes=1))

    assert outcomes(two_dates, door, *moments) == [ADMITTED, ALREADY, ADMITTED, ALREADY]
    assert present(two_dates) == ["24 morning", "25 morning"]
    assert seats_of(two_dates)[0].status is RegistrationStatus.ATTENDED


def test_nobody_is_let_in_the_morning_after_and_nothing_of_it_is_kept(door: User) -> None:
    day = make_open_day(2)

    assert outcomes(day, door, ARRIVAL, MORROW) == [ADMITTED, DAY_OVER]
    late = codes_of(day)[1]
    answer = scan(day, late, by=door, now=MORROW)
    assert (answer.outcome, answer.name, answer.check_in_id) == (DAY_OVER, "Claude Roux2", None)
    # What was scanned on the day itself counts, whenever it is handed over.
    assert scan(day, late, by=door, now=MORROW, at=ARRIVAL).outcome is ADMITTED


def test_who_is_told_of_the_second_date_is_told_of_its_own_first_time(two_dates: StudyDay, door: User) -> None:
    outcomes(two_dates, door, ARRIVAL, MORROW)

    again = scan(two_dates, codes_of(two_dates)[0], by=door, now=MORROW + timedelta(hours=1))

    assert again.first_at == MORROW
    assert [other.name for other in again.others] == ["Claude Roux2", "Claude Roux3"]


def test_a_phone_that_was_offline_on_both_dates_hands_both_over_once(two_dates: StudyDay, door: User) -> None:
    late = MORROW + timedelta(days=1)

    first = handed_over(two_dates, door, MORROW, ARRIVAL, ARRIVAL + timedelta(hours=1), now=late)
    again = handed_over(two_dates, door, MORROW, ARRIVAL, ARRIVAL + timedelta(hours=1), now=late)

    assert [answer.outcome for answer in first] == [ADMITTED, ADMITTED, ALREADY]
    assert [answer.check_in_id for answer in again] == [answer.check_in_id for answer in first]
    assert present(two_dates) == ["24 morning", "25 morning"]


def test_the_list_and_the_counts_of_a_door_are_of_the_date(two_dates: StudyDay, door: User) -> None:
    outcomes(two_dates, door, ARRIVAL)
    day = db.session.merge(two_dates)
    first, second = queries.date_at(day, ARRIVAL), queries.date_at(day, MORROW)

    def came(on: date) -> list[bool]:
        return [at is not None for _seat, at in queries.tickets(day.id, on=on)]

    assert (came(first), came(second)) == ([True, False, False], [False, False, False])
    assert queries.counts_on(day.id, first).arrived == 1
    assert (queries.counts_on(day.id, second).arrived, queries.counts_on(day.id, second).expected) == (0, 3)
    assert queries.arrivals(day.id, on=second) == []
    seat = seats_of(day)[0]
    assert (queries.inside([seat.id], on=first), queries.inside([seat.id], on=second)) == ({seat.id}, set())


def test_a_whole_booking_comes_in_again_on_the_second_date(two_dates: StudyDay, door: User) -> None:
    def admit(now: datetime) -> list[str]:
        with unit_of_work.transaction():
            day = db.session.merge(two_dates)
            seat = queries.seat(seats_of(day)[0].id, day_id=day.id)
            assert seat is not None
            return [answer.name for answer in service.admit_booking(seat, day=day, device="A", by=door, now=now)]

    everybody = ["Claude Roux1", "Claude Roux2", "Claude Roux3"]
    assert (admit(ARRIVAL), admit(ARRIVAL), admit(MORROW)) == (everybody, [], everybody)


def test_taking_back_is_of_the_last_date_and_the_first_stays(two_dates: StudyDay, door: User) -> None:
    outcomes(two_dates, door, ARRIVAL, MORROW)

    def undo() -> None:
        with unit_of_work.transaction():
            service.undo(seats_of(two_dates)[0], day=two_dates, device="A", by=door, now=MORROW)

    undo()
    assert present(two_dates) == ["24 morning"]
    assert seats_of(two_dates)[0].status is RegistrationStatus.ATTENDED
    undo()
    assert present(two_dates) == []
    assert seats_of(two_dates)[0].status is RegistrationStatus.CONFIRMED


def test_the_office_lists_somebody_once_with_the_first_arrival(two_dates: StudyDay, door: User) -> None:
    outcomes(two_dates, door, ARRIVAL, MORROW)
    day = db.session.merge(two_dates)

    listed = queries.presence_list(study_day_id=day.id, half_days=queries.half_days(day), zone=day.local_start.tzinfo)
    rows = db.session.execute(listed.statement).all()

    assert [row[1] for row in rows if row[1] is not None] == [ARRIVAL]
    assert len(rows) == 3
    assert queries.presences(day.id)[0].arrived_at == ARRIVAL

"""Publishing, taking back, postponing and cancelling."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.errors import DayInUse, IllegalTransition, NotReady
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW, make_session, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def organiser(transaction: None) -> User:
    """Who decides."""
    return make_user(RoleName.ORGANISER)


def _day(**values: Any) -> StudyDay:
    made = make_study_day(**values)
    make_session(made, starts_at=made.starts_at, ends_at=made.starts_at + timedelta(hours=1))
    db.session.expire_all()
    day = queries.day_in_full(made.slug)
    assert day is not None
    return day


def test_a_draft_that_is_ready_is_published_once_and_for_the_first_time(organiser: User) -> None:
    day = _day(status=StudyDayStatus.DRAFT)

    study_days.publish(day, actor=organiser, now=NOW)

    assert (day.status, day.published_at, day.calendar_sequence) == (StudyDayStatus.PUBLISHED, NOW, 1)
    with pytest.raises(IllegalTransition):
        study_days.publish(day, actor=organiser, now=NOW)


def test_a_draft_that_lacks_something_says_what(organiser: User) -> None:
    day = _day(status=StudyDayStatus.DRAFT, lead="", rates={})

    with pytest.raises(NotReady, match=r"chapô.*tarif"):
        study_days.publish(day, actor=organiser, now=NOW)

    assert day.status is StudyDayStatus.DRAFT


def test_a_published_day_goes_back_while_nobody_is_registered(organiser: User) -> None:
    day = _day()
    study_days.unpublish(day, actor=organiser, now=NOW)
    assert day.status is StudyDayStatus.DRAFT

    taken = _day(seats_taken=1)
    with pytest.raises(DayInUse):
        study_days.unpublish(taken, actor=organiser, now=NOW)


def test_postponing_without_a_date_keeps_the_old_one_in_sight(organiser: User) -> None:
    day = _day(seats_taken=3)
    announced = day.starts_at

    study_days.postpone(day, note="Une grève.", actor=organiser, now=NOW)

    assert (day.status, day.status_note) == (StudyDayStatus.POSTPONED, "Une grève.")
    assert (day.starts_at, day.previous_starts_at, day.seats_taken) == (announced, announced, 3)
    assert day.calendar_sequence == 1


def test_postponing_to_a_date_moves_everything_and_may_reopen(organiser: User) -> None:
    day = _day(
        starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC), registration_closes_at=datetime(2027, 2, 22, 11, tzinfo=UTC)
    )
    day.rates[0].available_until = datetime(2027, 2, 9, 23, tzinfo=UTC)
    day.changes_until = datetime(2027, 2, 23, 17, tzinfo=UTC)

    study_days.postpone(day, to=date(2027, 4, 7), reopen=True, actor=organiser, now=NOW)
    db.session.flush()

    assert day.status is StudyDayStatus.PUBLISHED
    assert day.previous_starts_at == datetime(2027, 2, 24, 8, tzinfo=UTC)
    assert day.starts_at == datetime(2027, 4, 7, 7, tzinfo=UTC)
    assert day.registration_closes_at == datetime(2027, 4, 5, 10, tzinfo=UTC)
    assert day.changes_until == datetime(2027, 4, 6, 16, tzinfo=UTC)
    assert day.sessions[0].starts_at == datetime(2027, 4, 7, 7, tzinfo=UTC)
    assert day.rates[0].available_until == datetime(2027, 3, 23, 23, tzinfo=UTC)
    assert day.held_on == date(2027, 4, 7)


def test_a_date_found_later_keeps_the_one_announced_first(organiser: User) -> None:
    day = _day(starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC))
    study_days.postpone(day, actor=organiser, now=NOW)

    study_days.postpone(day, to=date(2027, 5, 5), actor=organiser, now=NOW)
    study_days.publish(day, actor=organiser, now=NOW)

    assert (day.status, day.status_note) == (StudyDayStatus.PUBLISHED, "")
    assert day.previous_starts_at == datetime(2027, 2, 24, 8, tzinfo=UTC)
    assert day.date == date(2027, 5, 5)
    assert day.calendar_sequence == 3


@pytest.mark.parametrize(("to", "reopen"), [(date(2020, 1, 1), False), (None, True)])
def test_a_postponement_that_cannot_be_is_refused(organiser: User, to: date | None, reopen: bool) -> None:
    with pytest.raises(Invalid):
        study_days.postpone(_day(), to=to, reopen=reopen, actor=organiser, now=NOW)


def test_a_cancelled_day_stays_cancelled(organiser: User) -> None:
    day = _day(seats_taken=12)

    study_days.cancel(day, note="Salle fermée.", actor=organiser, now=NOW)

    assert (day.status, day.status_note, day.seats_taken) == (StudyDayStatus.CANCELLED, "Salle fermée.", 12)
    with pytest.raises(IllegalTransition):
        study_days.publish(day, actor=organiser, now=NOW)
    with pytest.raises(IllegalTransition):
        study_days.postpone(day, actor=organiser, now=NOW)


def test_a_draft_is_neither_postponed_nor_cancelled(organiser: User) -> None:
    day = _day(status=StudyDayStatus.DRAFT)

    with pytest.raises(IllegalTransition):
        study_days.postpone(day, actor=organiser, now=NOW)
    with pytest.raises(IllegalTransition):
        study_days.cancel(day, actor=organiser, now=NOW)

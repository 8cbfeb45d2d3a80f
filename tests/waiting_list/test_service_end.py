"""The day is called off, postponed, opened again, or its trials cleared away."""

from datetime import date

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import queries as mails
from eventsapp.study_days import queries as study_days
from eventsapp.study_days import service as days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.values import SeatsNow
from eventsapp.waiting_list import queries, service
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import EntryStatus
from tests.checkout.looking import taken
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats, unnamed
from tests.support.makers.study_days import NOW, make_session, make_study_day
from tests.support.makers.waiting_list import a_wish, make_entry

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


@pytest.fixture
def organiser() -> User:
    return make_user(RoleName.ORGANISER)


@pytest.fixture
def day() -> StudyDay:
    """A full day of three seats, one of them offered to the first of two groups."""
    made = make_study_day(capacity=3)
    make_session(made)
    place(seats(made, unnamed(), unnamed()))
    return made


@pytest.fixture
def groups(day: StudyDay) -> tuple[WaitingEntry, WaitingEntry]:
    order = place(seats(day, unnamed()), payment_method="transfer")
    found = make_entry(day), make_entry(day, 2)
    with unit_of_work.transaction():
        checkout.cancel_by_buyer(order.id, fee_cents=0, now=NOW)
    assert [entry.status for entry in found] == [EntryStatus.OFFERED, EntryStatus.WAITING]
    return found


def loaded(day: StudyDay) -> StudyDay:
    found = study_days.day_in_full(day.slug)
    assert found is not None
    return found


def told(entry: WaitingEntry) -> list[str]:
    return [mail.template.split("/")[1] for mail in reversed(mails.mails_about("waiting_entry", entry.id))]


def test_calling_a_day_off_ends_the_list_and_tells_everybody_once(
    day: StudyDay, groups: tuple[WaitingEntry, WaitingEntry], organiser: User
) -> None:
    with unit_of_work.transaction():
        count = checkout.cancel_day(loaded(day), note="", actor=organiser, now=NOW)
    checkout.cancel_orders_of_days(now=NOW)
    for _ in range(2):
        service.tend_all(now=NOW)

    assert [entry.status for entry in groups] == [EntryStatus.DISSOLVED] * 2
    assert [told(entry)[-1] for entry in groups] == ["ended", "ended"]
    assert [told(entry).count("ended") for entry in groups] == [1, 1]
    assert count == 3
    assert taken(day) == 0
    assert broken() == []


def test_whoever_has_a_seat_and_waits_for_another_is_told_once_of_the_call_off(day: StudyDay, organiser: User) -> None:
    place(seats(day, unnamed()))
    entry = make_entry(day, email="finances@ville-exemple.fr")

    with unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=organiser, now=NOW)
    checkout.cancel_orders_of_days(now=NOW)

    assert entry.status is EntryStatus.DISSOLVED
    assert told(entry) == ["joined"]


def test_a_postponed_day_keeps_its_list_and_takes_offers_back(
    day: StudyDay, groups: tuple[WaitingEntry, WaitingEntry], organiser: User
) -> None:
    with unit_of_work.transaction():
        checkout.postpone_day(loaded(day), to=None, note="", reopen=False, actor=organiser, now=NOW)
    service.tend_all(now=NOW)

    assert [entry.status for entry in groups] == [EntryStatus.WAITING] * 2
    assert [told(entry)[-1] for entry in groups] == ["postponed"] * 2
    assert taken(day) == 2
    assert queries.place_of(groups[0]).position == 1

    with unit_of_work.transaction():
        checkout.publish_day(loaded(day), actor=organiser, now=NOW)

    assert [entry.status for entry in groups] == [EntryStatus.OFFERED, EntryStatus.WAITING]
    assert taken(day) == 3
    assert broken() == []


def test_a_day_moved_without_a_pause_keeps_its_offers(
    day: StudyDay, groups: tuple[WaitingEntry, WaitingEntry], organiser: User
) -> None:
    with unit_of_work.transaction():
        checkout.postpone_day(loaded(day), to=date(2027, 4, 1), note="", reopen=True, actor=organiser, now=NOW)

    assert [entry.status for entry in groups] == [EntryStatus.OFFERED, EntryStatus.WAITING]


def test_trials_leave_the_list_without_a_word(day: StudyDay) -> None:
    place(seats(day, unnamed()), is_test=True)
    with unit_of_work.transaction():
        trial, _joined = service.join(day, a_wish(), is_test=True, now=NOW)
        key = trial.id
    real = make_entry(day)

    checkout.cancel_trials(now=NOW)

    trial = db.session.get_one(WaitingEntry, key)
    assert (trial.status, real.status) == (EntryStatus.REMOVED, EntryStatus.OFFERED)
    assert told(trial) == ["joined"]
    assert taken(day) == 3


def test_a_trial_that_is_accepted_while_trials_are_dropped_stays_accepted(
    day: StudyDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(seats(day, unnamed()), is_test=True)
    with unit_of_work.transaction():
        trial, _joined = service.join(day, a_wish(), is_test=True, now=NOW)
        key = trial.id
    lock = days.lock

    def accepted_meanwhile(day_id: int) -> SeatsNow:
        accepted = sa.update(WaitingEntry).where(WaitingEntry.id == key).values(status=EntryStatus.ACCEPTED)
        db.session.execute(accepted, execution_options={"synchronize_session": False})
        return lock(day_id)

    monkeypatch.setattr(days, "lock", accepted_meanwhile)

    with unit_of_work.transaction():
        assert service.drop_trials(now=NOW) == 0

    db.session.expire_all()
    assert db.session.get_one(WaitingEntry, key).status is EntryStatus.ACCEPTED


def test_the_office_serves_a_day_whose_seats_were_freed_by_hand(day: StudyDay, organiser: User) -> None:
    order = place(seats(day, unnamed()))
    entry = make_entry(day)

    with unit_of_work.transaction():
        checkout.release_seats(order.id, reason="contestation", actor=organiser, now=NOW)

    assert (entry.status, taken(day)) == (EntryStatus.OFFERED, 3)
    assert days.lock(day.id).free == 0

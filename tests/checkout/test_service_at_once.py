"""People who buy and people who decide about the day at the same moment.

On PostgreSQL: SQLite lets nobody begin to write before the other has finished.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Barrier, Event

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Conflict, Refusal
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.statuses import OrderStatus
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.errors import DayInUse, RegistrationClosed
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day

SLUG = "angers"
#: No step takes so long; one that does was waiting for the other.
PATIENCE = 20

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.writers_at_once]


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            make_study_day(slug=SLUG)
            make_user(RoleName.ORGANISER, email="organisatrice@exemple.fr")
            db.session.remove()
        yield app


@pytest.fixture
def seats_wait(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Whoever buys has looked at the day, says so by the first event, and takes the seat after the second."""
    looked, go_on = Event(), Event()
    take = study_days.take_seats

    def wait_and_take(day: StudyDay, *, count: int) -> None:
        looked.set()
        go_on.wait(PATIENCE)
        take(day, count=count)

    monkeypatch.setattr(study_days, "take_seats", wait_and_take)
    return looked, go_on


def _each(app: Flask, *people: Callable[[], object]) -> list[object]:
    """Let each act at once in a transaction of their own; return what each got, the refusal where there was one."""

    def act(person: Callable[[], object]) -> object:
        try:
            with unit_of_work.transaction():
                return person()
        except Refusal as refusal:
            return refusal

    return at_once(app, *(partial(act, person) for person in people))


def _day() -> StudyDay:
    found = queries.any_day(SLUG)
    assert found is not None
    return found


def _organiser() -> User:
    return db.session.scalars(sa.select(User).where(User.email == "organisatrice@exemple.fr")).one()


def _buy() -> OrderStatus:
    return checkout.place_order(a_request(seats(_day())), now=NOW)[0].status


def _state(app: Flask) -> tuple[StudyDayStatus, int]:
    with app.app_context():
        day = _day()
        state = (day.status, day.seats_taken)
        db.session.remove()
    return state


def _told(app: Flask, template: str) -> int:
    with app.app_context():
        count = db.session.scalar(
            sa.select(sa.func.count()).select_from(OutgoingMail).where(OutgoingMail.template == template)
        )
        db.session.remove()
    return count or 0


def test_no_seat_is_sold_on_a_day_called_off_meanwhile(served: Flask, seats_wait: tuple[Event, Event]) -> None:
    looked, go_on = seats_wait

    def call_off() -> int:
        looked.wait(PATIENCE)
        return checkout.cancel_day(_day(), note="", actor=_organiser(), now=NOW)

    def call_off_and_let_buy() -> None:
        _each(served, call_off)
        go_on.set()

    bought, _none = _each(served, _buy, call_off_and_let_buy)

    assert isinstance(bought, RegistrationClosed)
    assert _state(served) == (StudyDayStatus.CANCELLED, 0)


def test_one_person_ordered_for_twice_at_once_takes_one_seat(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with served.app_context():
        # The organisation is known, so that neither waits for the other before the seat.
        place(seats(_day(), an_attendee(2)))
        db.session.remove()
    both_looked = Barrier(2)
    take = study_days.take_seats

    def take_together(day: StudyDay, *, count: int) -> None:
        both_looked.wait(PATIENCE)
        take(day, count=count)

    monkeypatch.setattr(study_days, "take_seats", take_together)

    answers = _each(served, _buy, _buy)

    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyRegistered", "OrderStatus"]
    assert _state(served) == (StudyDayStatus.PUBLISHED, 2)


def test_a_day_called_off_twice_at_once_tells_its_people_once(served: Flask) -> None:
    with served.app_context():
        place(seats(_day()))
        db.session.remove()
    both_read = Barrier(2)

    def call_off() -> int:
        day, organiser = _day(), _organiser()
        both_read.wait(PATIENCE)
        return checkout.cancel_day(day, note="", actor=organiser, now=NOW)

    answers = _each(served, call_off, call_off)

    assert sorted(type(answer).__name__ for answer in answers) == [Conflict.__name__, "int"]
    with served.app_context():
        assert [checkout.cancel_orders_of_days(now=NOW) for _ in range(2)] == [1, 0]
    assert _told(served, "registrations/day_cancelled") == 2


def test_a_day_does_not_go_back_to_a_draft_while_somebody_buys(served: Flask) -> None:
    read, bought = Event(), Event()

    def buy() -> None:
        read.wait(PATIENCE)
        _each(served, _buy)
        bought.set()

    def take_back() -> None:
        day, organiser = _day(), _organiser()
        assert day.seats_taken == 0
        read.set()
        bought.wait(PATIENCE)
        study_days.unpublish(day, actor=organiser, now=NOW)

    _none, answer = _each(served, buy, take_back)

    assert isinstance(answer, DayInUse)
    assert _state(served) == (StudyDayStatus.PUBLISHED, 1)

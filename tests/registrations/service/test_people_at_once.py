"""Several people say at the same moment whom a seat is for."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Refusal
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations import queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration, RetiredTicket
from eventsapp.registrations.statuses import NamedBy
from tests.registrations.looking import a_person
from tests.support.at_once import at_once, committing_app
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        yield app


def _ordered(served: Flask, *orders: int, named: bool = False) -> list[str]:
    """Buy so many seats in each order, of one day; return their links."""
    with served.app_context(), writing():
        day = make_study_day()
        numbers = iter(range(100))
        for count in orders:
            place(seats(day, *[an_attendee(next(numbers)) if named else unnamed() for _seat in range(count)]))
        links = list(db.session.scalars(sa.select(Registration.secret).order_by(Registration.id)))
        db.session.remove()
    return links


def _each(served: Flask, *people: Callable[[], object]) -> list[object]:
    """Let each act at once in a transaction of their own; return what each got, the refusal where there was one."""

    def act(person: Callable[[], object]) -> object:
        try:
            with unit_of_work.transaction():
                return person()
        except Refusal as refusal:
            return type(refusal).__name__

    return at_once(served, *(partial(act, person) for person in people))


def _name(link: str, number: int) -> str:
    seat = queries.seat_for_link(link)
    assert seat is not None
    return registrations.name_seat(seat, person=a_person(number), by=NamedBy.SELF, now=NOW).last_name


def test_of_four_who_fill_in_one_seat_one_has_it(served: Flask) -> None:
    (link,) = _ordered(served, 1)

    answers = _each(served, *(partial(_name, link, number) for number in range(4)))

    with served.app_context():
        seat = queries.seat_for_link(link)
        mails = db.session.scalars(
            sa.select(OutgoingMail.to_address).where(OutgoingMail.template == "registrations/seat_confirmed")
        ).all()
    assert seat is not None
    assert sorted(map(str, answers)) == ["AlreadyNamed"] * 3 + [seat.last_name]
    assert mails == [seat.email]


def test_one_person_named_in_four_orders_at_once_has_one_seat(served: Flask) -> None:
    links = _ordered(served, 1, 1, 1, 1)

    answers = _each(served, *(partial(_name, link, 7) for link in links))

    assert sorted(map(str, answers)) == ["AlreadyRegistered"] * 3 + ["Petit7"]
    with served.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(Registration.named_at.is_not(None))) == 1


def test_of_two_who_replace_one_person_one_does(served: Flask) -> None:
    (link,) = _ordered(served, 1, named=True)

    def replace(number: int) -> str:
        seat = queries.seat_for_link(link)
        if seat is None:
            # SQLite has one writer at a time: the second looks once the first is done.
            return "NotFound"
        return registrations.substitute(seat, person=a_person(number), by=NamedBy.BUYER, now=NOW).last_name

    answers = _each(served, partial(replace, 1), partial(replace, 2))

    with served.app_context():
        seat = db.session.scalars(sa.select(Registration)).one()
        retired = db.session.scalars(sa.select(RetiredTicket.code)).all()
    assert sorted(map(str, answers)) == ["NotFound", seat.last_name]
    assert len(retired) == 1
    assert seat.ticket_code not in retired

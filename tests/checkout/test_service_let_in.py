"""Somebody is let in while an order is cancelled: whoever came keeps the seat, and no seat is sold twice.

On PostgreSQL: SQLite lets nobody begin to write before the other has finished.
"""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.attendance import service as attendance
from eventsapp.attendance.statuses import Outcome
from eventsapp.attendance.values import Scan
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NothingLeft
from eventsapp.checkout.models import DayCancellationItem
from eventsapp.checkout.statuses import ItemOutcome
from eventsapp.checkout.values import Subscription
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Refusal
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan
from tests.support.at_once import committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.writers_at_once]

CONFIRMED, ATTENDED, CANCELLED = (
    RegistrationStatus.CONFIRMED,
    RegistrationStatus.ATTENDED,
    RegistrationStatus.CANCELLED,
)
#: What comes right before the seats are held, and right after it was said what goes.
HOLDS_SEATS = r"FROM registrations.*FOR NO KEY UPDATE"
FREES_SEATS = r"UPDATE study_days"


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            make_user(RoleName.ADMINISTRATOR, email="bureau@exemple.fr")
            make_study_day(slug="angers", capacity=10)
            make_plan(slug="un-an")
            db.session.remove()
        yield app


def _office() -> User:
    return db.session.scalars(sa.select(User).where(User.email == "bureau@exemple.fr")).one()


def _plan() -> Plan:
    return db.session.scalars(sa.select(Plan).where(Plan.slug == "un-an")).one()


def _angers() -> StudyDay:
    day = study_days.any_day("angers")
    assert day is not None
    return day


def _two_seats(app: Flask, *more: Callable[[], Subscription]) -> tuple[int, list[tuple[int, str]]]:
    """Place an order of two seats at Angers; return its key, and keys and tickets of the seats."""
    with app.app_context(), writing():
        order = place(
            seats(_angers(), an_attendee(1), an_attendee(2)), *(make() for make in more), payment_method="transfer"
        )
        found = order.id, [(row.id, row.ticket_code) for row in registrations.of_order(order.id)]
        db.session.remove()
    return found


def _interrupted(app: Flask, step: Callable[[], object], *, before: str, by: Callable[[], object]) -> list[object]:
    """Run ``step``, and ``by`` in another transaction when it comes to the statement ``before``.

    The first one goes on once the other has ended, or waits for what the first one holds.
    """
    main, answers = threading.get_ident(), list[object]()
    other = threading.Thread(target=lambda: answers.append(_acted(app, by)))

    def stop(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if threading.get_ident() == main and not other.ident and re.search(before, statement, re.DOTALL):
            other.start()
            while other.is_alive() and not _somebody_waits(engine):
                other.join(0.05)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", stop)
    try:
        first = _acted(app, step)
        other.join(20)
    finally:
        sa.event.remove(engine, "before_cursor_execute", stop)
    return [first, *answers]


def _somebody_waits(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        # In this database: other tests have theirs on the same server.
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(connection.scalar(sa.text(waiting)))


def _acted(app: Flask, step: Callable[[], object]) -> object:
    with app.app_context():
        try:
            with unit_of_work.transaction():
                return step()
        except Refusal as refusal:
            return type(refusal)
        finally:
            db.session.remove()


def _door(code: str) -> Outcome:
    day = study_days.any_day("angers")
    assert day is not None
    return attendance.check_in(Scan(code=code, device="porte"), day=day, by=_office(), now=NOW).outcome


def _stands(app: Flask, order_id: int) -> tuple[list[RegistrationStatus], int]:
    """Return how the seats of the order stand, and how many of the day are taken."""
    with app.app_context():
        day = study_days.any_day("angers")
        assert day is not None
        found = [row.status for row in registrations.of_order(order_id)], day.seats_taken
        db.session.remove()
    return found


@pytest.mark.parametrize(
    ("before", "answers", "left"),
    [
        (HOLDS_SEATS, [NothingLeft, Outcome.ADMITTED], ([ATTENDED, CONFIRMED], 2)),
        (FREES_SEATS, [None, Outcome.CANCELLED], ([CANCELLED, CONFIRMED], 1)),
    ],
    ids=["before", "after"],
)
def test_a_seat_that_is_cancelled_while_its_person_comes(
    served: Flask, before: str, answers: list[object], left: object
) -> None:
    order_id, ((seat_id, code), _other) = _two_seats(served)

    def cancel() -> None:
        checkout.cancel_part(order_id, seat_ids=[seat_id], fee_cents=0, now=NOW)

    assert _interrupted(served, cancel, before=before, by=lambda: _door(code)) == answers
    assert _stands(served, order_id) == left


@pytest.mark.parametrize(
    ("before", "told", "outcome", "left"),
    [
        (HOLDS_SEATS, Outcome.ADMITTED, ItemOutcome.BY_HAND, ([ATTENDED, CONFIRMED], 2)),
        (FREES_SEATS, Outcome.CANCELLED, ItemOutcome.CANCELLED, ([CANCELLED, CANCELLED], 0)),
    ],
    ids=["before", "after"],
)
def test_a_day_called_off_while_somebody_comes(
    served: Flask, before: str, told: Outcome, outcome: ItemOutcome, left: object
) -> None:
    order_id, ((_seat, code), _other) = _two_seats(served)
    _acted(served, lambda: checkout.cancel_day(_angers(), note="", actor=_office(), now=NOW))

    def deal() -> int:
        return checkout.cancel_orders_of_days(now=NOW)

    assert _interrupted(served, deal, before=before, by=lambda: _door(code)) == [1, told]
    assert _stands(served, order_id) == left
    with served.app_context():
        assert db.session.scalars(sa.select(DayCancellationItem.outcome)).all() == [outcome]
        db.session.remove()


def test_an_order_cancelled_by_its_buyer_while_somebody_comes(served: Flask) -> None:
    order_id, ((_seat, code), _other) = _two_seats(served)

    def cancel() -> object:
        return checkout.cancel_by_buyer(order_id, fee_cents=0, now=NOW).status

    answers = _interrupted(served, cancel, before=HOLDS_SEATS, by=lambda: _door(code))

    assert answers[1] is Outcome.ADMITTED
    assert _stands(served, order_id) == ([ATTENDED, CANCELLED], 1)


@pytest.mark.parametrize("with_subscription", [False, True], ids=["seats", "seats-and-subscription"])
def test_seats_given_back_after_money_went_but_for_whoever_comes_meanwhile(
    served: Flask, *, with_subscription: bool
) -> None:
    more = [lambda: subscription(_plan())] if with_subscription else []
    order_id, ((_seat, code), _other) = _two_seats(served, *more)

    def release() -> None:
        checkout.release_seats(order_id, reason="Impayé", actor=_office(), now=NOW)

    answers = _interrupted(served, release, before=HOLDS_SEATS, by=lambda: _door(code))

    assert answers[1] is Outcome.ADMITTED
    assert _stands(served, order_id) == ([ATTENDED, CANCELLED], 1)

"""Seats come free, offers end and people buy at the same moment, each in a thread and a transaction of their own.

On PostgreSQL: SQLite lets nobody begin to write before the other has finished.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Occasion
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Refusal
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.study_days import queries
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import service
from eventsapp.waiting_list.errors import OfferOver
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import EntryStatus, Joined, OfferOutcome
from tests.support.at_once import at_once, committing_app
from tests.support.invariants import broken
from tests.support.makers.orders import a_request, an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.waiting_list import a_wish, make_entry

SLUG = "reims"
SOLD, WAITING, FREED = 10, 30, 5

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.writers_at_once]


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application with a full day and thirty people who wait for it."""
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            day = make_study_day(slug=SLUG, capacity=SOLD)
            for number in range(SOLD):
                place(seats(day, an_attendee(number)))
            for number in range(WAITING):
                make_entry(day, email=f"attend{number}@exemple.fr")
            db.session.remove()
        yield app


def _each(app: Flask, *people: Callable[[], object]) -> list[object]:
    """Let each act at once; return what each got, the refusal where there was one."""

    def act(person: Callable[[], object]) -> object:
        try:
            with unit_of_work.transaction():
                return person()
        except Refusal as refusal:
            return refusal

    return at_once(app, *(partial(act, person) for person in people))


def _day() -> StudyDay:
    day = queries.any_day(SLUG)
    assert day is not None
    return day


def _cancel(order_id: int) -> None:
    checkout.cancel_by_buyer(order_id, fee_cents=0, now=NOW)


def _buy() -> str:
    return checkout.place_order(a_request(seats(_day(), unnamed()), payment_method="transfer"), now=NOW)[0].reference


def _accept(entry_id: int, *, later: timedelta = timedelta(0)) -> str:
    request = a_request(seats(_day(), unnamed()), payment_method="transfer")
    return checkout.place_order(request, now=NOW + later, occasion=Occasion(waiting_entry_id=entry_id))[0].reference


def _sweep(later: timedelta) -> int:
    with unit_of_work.transaction():
        return service.tend(_day().id, now=NOW + later)


def _order_ids(app: Flask, count: int) -> list[int]:
    with app.app_context():
        keys = db.session.scalars(sa.select(Order.id).order_by(Order.id).limit(count)).all()
        db.session.remove()
    return list(keys)


def _offered(app: Flask) -> list[int]:
    """Return the groups that seats are kept for, in the order of the list."""
    with app.app_context():
        keys = db.session.scalars(
            sa.select(WaitingEntry.id).where(WaitingEntry.status == EntryStatus.OFFERED).order_by(WaitingEntry.rank)
        ).all()
        db.session.remove()
    return list(keys)


def _stand(app: Flask) -> tuple[int, int, int]:
    """Return seats taken, open offers, and mails that offer something; nothing is broken."""
    with app.app_context():
        assert broken() == []
        count = sa.select(sa.func.count())
        found = (
            _day().seats_taken,
            db.session.scalar(count.select_from(WaitingOffer).where(WaitingOffer.outcome.is_(None))) or 0,
            db.session.scalar(count.where(OutgoingMail.template == "waiting_list/offered")) or 0,
        )
        db.session.remove()
    return found


def test_five_cancellations_at_once_make_five_offers_and_no_direct_buyer_passes(served: Flask) -> None:
    cancellations = [partial(_cancel, order_id) for order_id in _order_ids(served, FREED)]
    buyers = [_buy] * FREED

    answers = _each(served, *cancellations, *buyers)

    assert answers[:FREED] == [None] * FREED
    assert {type(answer).__name__ for answer in answers[FREED:]} == {"SoldOut"}
    assert _stand(served) == (SOLD, FREED, FREED)
    with served.app_context():
        first = db.session.scalars(sa.select(WaitingEntry.id).order_by(WaitingEntry.rank).limit(FREED)).all()
        db.session.remove()
    assert _offered(served) == list(first)


def test_two_sweeps_at_once_serve_once(served: Flask) -> None:
    _each(served, *(partial(_cancel, order_id) for order_id in _order_ids(served, FREED)))
    later = timedelta(hours=48)

    done = at_once(served, *[partial(_sweep, later)] * 3)

    # Five offers end and five are made, by one of them.
    assert sorted(done) == [0, 0, 2 * FREED]
    assert _stand(served) == (SOLD, FREED, 2 * FREED)


def test_an_offer_that_is_declined_while_buyers_press_goes_to_the_next(served: Flask) -> None:
    _each(served, partial(_cancel, _order_ids(served, 1)[0]))
    (first,) = _offered(served)

    def decline() -> None:
        service.leave(db.session.get_one(WaitingEntry, first), now=NOW)

    answers = _each(served, decline, _buy, _buy)

    assert answers[0] is None
    assert {type(answer).__name__ for answer in answers[1:]} == {"SoldOut"}
    assert _stand(served) == (SOLD, 1, 2)


def test_accepted_twice_at_once_it_is_one_order(served: Flask) -> None:
    _each(served, partial(_cancel, _order_ids(served, 1)[0]))
    (first,) = _offered(served)

    answers = _each(served, partial(_accept, first), partial(_accept, first), _buy)

    assert sorted(type(answer).__name__ for answer in answers) == ["OfferOver", "SoldOut", "str"]
    assert isinstance(answers[0], OfferOver) or isinstance(answers[1], OfferOver)
    assert _stand(served) == (SOLD, 0, 1)


def test_an_offer_accepted_while_it_lapses_is_one_or_the_other(served: Flask) -> None:
    _each(served, partial(_cancel, _order_ids(served, 1)[0]))
    (first,) = _offered(served)
    last_moment = timedelta(hours=48) - timedelta(seconds=1)

    accepted, _swept = _each(
        served,
        partial(_accept, first, later=last_moment),
        lambda: service.tend(_day().id, now=NOW + timedelta(hours=48)),
    )

    with served.app_context():
        outcome = db.session.scalars(sa.select(WaitingOffer.outcome).where(WaitingOffer.entry_id == first)).one()
        db.session.remove()
    assert outcome is (OfferOutcome.ACCEPTED if isinstance(accepted, str) else OfferOutcome.LAPSED)
    assert _stand(served)[0] == SOLD


def test_one_address_that_joins_twice_at_once_has_one_place(served: Flask) -> None:
    def join() -> Joined:
        return service.join(_day(), a_wish(email="claude@exemple.fr"), now=NOW)[1]

    assert sorted(str(answer) for answer in _each(served, join, join)) == [Joined.KNOWN, Joined.NEW]

"""Who waited long ago is forgotten; who waits still, or left of late, is not."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.waiting_list import service
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import EntryStatus
from tests.support.makers.orders import place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.waiting_list import make_entry, make_full_day

pytestmark = pytest.mark.usefixtures("transaction", "frozen")
YEARS = timedelta(days=3 * 365)


def names() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(WaitingEntry.last_name).order_by(WaitingEntry.id)))


def leave(entry: WaitingEntry, *, after: timedelta) -> None:
    with unit_of_work.transaction():
        service.leave(db.session.get_one(WaitingEntry, entry.id), now=NOW + after)


def forget(after: timedelta) -> int:
    with unit_of_work.transaction():
        return service.forget_old(now=NOW + after)


def test_three_years_after_they_left_and_not_a_second_before() -> None:
    day = make_full_day()
    early, late, _waiting = (make_entry(day, last_name=name) for name in ("Tôt", "Tard", "Attend"))
    leave(early, after=timedelta(0))
    leave(late, after=timedelta(days=1))

    assert forget(YEARS - timedelta(seconds=1)) == 0
    assert forget(YEARS) == 1
    assert names() == ["Tard", "Attend"]
    assert forget(YEARS) == 0


def test_with_them_goes_what_was_offered() -> None:
    day = make_study_day(capacity=1)
    order = place(seats(day, unnamed()), payment_method="transfer")
    entry = make_entry(day)
    with unit_of_work.transaction():
        checkout.cancel_by_buyer(order.id, fee_cents=0, now=NOW)
    leave(entry, after=timedelta(hours=1))
    assert db.session.scalars(sa.select(WaitingOffer)).one().entry_id == entry.id
    assert db.session.get_one(WaitingEntry, entry.id).status is EntryStatus.DECLINED

    assert forget(YEARS + timedelta(hours=1)) == 1
    assert db.session.scalars(sa.select(WaitingOffer)).all() == []


def test_a_day_still_to_come_keeps_its_list() -> None:
    day = make_full_day(starts_at=NOW + YEARS + timedelta(days=30))
    leave(make_entry(day), after=timedelta(0))

    assert forget(YEARS + timedelta(days=1)) == 0

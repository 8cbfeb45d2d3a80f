"""An offer becomes an order, and an order that falls through gives its seats back: through the checkout."""

from datetime import datetime, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived, Occasion
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid, Refusal
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.registrations import queries as registrations
from eventsapp.study_days import service as study_days
from eventsapp.study_days.errors import RegistrationClosed, SoldOut
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries, service
from eventsapp.waiting_list.errors import OfferOver
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import EntryStatus, OfferOutcome
from tests.checkout.looking import taken
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.waiting_list import make_entry

pytestmark = pytest.mark.usefixtures("transaction", "frozen")

#: The order runs out within the 48 hours of the offer.
AFTER_HOLD = NOW + timedelta(hours=1)


@pytest.fixture
def day() -> StudyDay:
    """A day of four seats, each sold to somebody."""
    made = make_study_day(capacity=4)
    for number in range(4):
        place(seats(made, an_attendee(number)))
    return made


def accept(entry: WaitingEntry, day: StudyDay, *, count: int, now: datetime = NOW, method: str = "mandat") -> Order:
    wanted = [unnamed() for _ in range(count)]
    with unit_of_work.transaction():
        order, _new = checkout.place_order(
            a_request(seats(day, *wanted), payment_method=method), now=now, occasion=Occasion(waiting_entry_id=entry.id)
        )
        key = order.id
    return db.session.get_one(Order, key)


def cancel(day: StudyDay, count: int) -> None:
    """Let buyers of one seat each cancel."""
    orders = [row.order_line.order_id for row in registrations.of_day(day.id)][:count]
    for order_id in orders:
        with unit_of_work.transaction():
            checkout.cancel_by_buyer(order_id, fee_cents=0, now=NOW)


def expire(order: Order, *, now: datetime = AFTER_HOLD) -> None:
    checkout.expire_due(now=now)
    db.session.expire_all()
    assert order.status is OrderStatus.EXPIRED


def test_a_cancellation_offers_its_seat_and_accepting_hands_it_over(day: StudyDay) -> None:
    entry = make_entry(day)
    cancel(day, 1)
    assert (entry.status, taken(day)) == (EntryStatus.OFFERED, 4)

    order = accept(entry, day, count=1)

    (offer,) = queries.offers_of(entry.id)
    assert (entry.status, offer.outcome, offer.order_id) == (EntryStatus.ACCEPTED, OfferOutcome.ACCEPTED, order.id)
    assert order.status is OrderStatus.CONFIRMED
    assert taken(day) == 4
    assert broken() == []


def test_the_seats_of_an_offer_are_free_at_no_moment(day: StudyDay, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = make_entry(day)
    cancel(day, 1)

    def none_may(*_args: object, **_kwargs: object) -> None:
        raise AssertionError

    monkeypatch.setattr(study_days, "take_seats", none_may)
    monkeypatch.setattr(study_days, "free_seats", none_may)

    accept(entry, day, count=1)

    assert taken(day) == 4


def test_who_comes_with_fewer_gives_the_rest_to_the_next(day: StudyDay) -> None:
    group, one = make_entry(day, 3), make_entry(day, 1)
    cancel(day, 1)
    assert [group.status, one.status] == [EntryStatus.WAITING, EntryStatus.OFFERED]
    cancel(day, 3)
    assert group.status is EntryStatus.OFFERED
    last = make_entry(day, 1)

    accept(group, day, count=2)

    assert (last.status, taken(day)) == (EntryStatus.OFFERED, 4)
    assert broken() == []


def test_nobody_takes_more_than_was_offered(day: StudyDay) -> None:
    entry = make_entry(day)
    cancel(day, 1)

    with pytest.raises(Invalid):
        accept(entry, day, count=2)

    assert (entry.status, taken(day)) == (EntryStatus.OFFERED, 4)


@pytest.mark.parametrize(
    ("late", "refusal"), [(timedelta(hours=48), OfferOver), (timedelta(days=200), RegistrationClosed)]
)
def test_an_offer_that_is_over_is_refused(day: StudyDay, late: timedelta, refusal: type[Refusal]) -> None:
    entry = make_entry(day)
    cancel(day, 1)

    with pytest.raises(refusal):
        accept(entry, day, count=1, now=NOW + late)


def test_an_offer_is_taken_up_once(day: StudyDay) -> None:
    entry = make_entry(day)
    cancel(day, 1)
    accept(entry, day, count=1)

    with pytest.raises(OfferOver):
        accept(entry, day, count=1)


def test_a_card_that_is_not_paid_leaves_the_offer_its_time(day: StudyDay) -> None:
    entry, waiting = make_entry(day), make_entry(day)
    cancel(day, 1)
    order = accept(entry, day, count=1, method="card")
    assert order.status is OrderStatus.PENDING

    expire(order)

    offer = queries.open_offer(entry.id)
    assert offer is not None
    assert (entry.status, offer.expires_at, waiting.status) == (
        EntryStatus.OFFERED,
        NOW + timedelta(hours=48),
        EntryStatus.WAITING,
    )
    assert taken(day) == 4
    assert broken() == []
    again = accept(entry, day, count=1, now=AFTER_HOLD)
    assert (again.status, entry.status) == (OrderStatus.CONFIRMED, EntryStatus.ACCEPTED)


def test_a_card_that_is_not_paid_at_the_end_of_the_offer_serves_the_next(day: StudyDay) -> None:
    entry, waiting = make_entry(day), make_entry(day)
    cancel(day, 1)
    order = accept(entry, day, count=1, method="card", now=NOW + timedelta(hours=47, minutes=50))

    expire(order, now=NOW + timedelta(hours=49))

    assert (entry.status, waiting.status) == (EntryStatus.ACCEPTED, EntryStatus.OFFERED)
    assert taken(day) == 4


def test_money_that_comes_late_takes_the_seat_that_the_offer_kept(day: StudyDay) -> None:
    entry = make_entry(day)
    cancel(day, 1)
    order = accept(entry, day, count=1, method="card")
    expire(order)

    with unit_of_work.transaction():
        checkout.settle(
            order.id,
            MoneyReceived(method="card", amount_cents=order.total_cents, gateway_reference="pi_late"),
            received_on=clock.local_date(AFTER_HOLD),
            now=AFTER_HOLD,
        )

    db.session.expire_all()
    assert (order.status, order.paid_without_seat, entry.status) == (
        OrderStatus.CONFIRMED,
        False,
        EntryStatus.ACCEPTED,
    )
    assert taken(day) == 4
    assert broken() == []


def test_late_money_of_somebody_else_does_not_pass_the_list(day: StudyDay) -> None:
    cancel(day, 1)
    order = place(seats(day, an_attendee(8)), payment_method="card")
    waiting = make_entry(day)
    expire(order)
    assert waiting.status is EntryStatus.OFFERED

    with unit_of_work.transaction():
        checkout.settle(
            order.id,
            MoneyReceived(method="card", amount_cents=order.total_cents, gateway_reference="pi_late"),
            received_on=clock.local_date(AFTER_HOLD),
            now=AFTER_HOLD,
        )

    db.session.expire_all()
    assert (order.paid_without_seat, waiting.status) == (True, EntryStatus.OFFERED)


@pytest.mark.parametrize("by_buyer", [True, False])
def test_a_group_that_accepted_and_then_cancels_gets_no_offer_again(day: StudyDay, *, by_buyer: bool) -> None:
    entry = make_entry(day)
    cancel(day, 1)
    order = accept(entry, day, count=1)
    waiting = make_entry(day, email="suivante@ville-exemple.fr")

    with unit_of_work.transaction():
        if by_buyer:
            checkout.cancel_by_buyer(order.id, fee_cents=0, now=NOW)
        else:
            checkout.cancel_order(order.id, reason="Empêchement", actor=make_user(RoleName.ORGANISER), now=NOW)

    db.session.expire_all()
    assert (order.status, entry.status) == (OrderStatus.CANCELLED, EntryStatus.ACCEPTED)
    assert waiting.status is EntryStatus.OFFERED
    assert taken(day) == 4
    assert broken() == []


def test_a_cancelled_offer_returns_the_seat(day: StudyDay) -> None:
    entry = make_entry(day)
    cancel(day, 1)
    with unit_of_work.transaction():
        service.leave(entry, now=NOW)

    assert taken(day) == 3
    place(seats(day, an_attendee(9)))
    assert taken(day) == 4
    with pytest.raises(SoldOut):
        place(seats(day, an_attendee(10)))

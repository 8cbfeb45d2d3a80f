"""What the tabs of the office's list of orders hold."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import listing, unit_of_work
from eventsapp.core.db import db
from eventsapp.orders import queries
from eventsapp.orders.models import Order
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")

LATER = NOW + timedelta(hours=2)


def shown_under(state: str) -> int:
    orders = queries.order_list(today=NOW.date(), methods={})
    return db.session.scalars(sa.select(listing.counted(orders, state))).one()


def refund(order: Order, cents: int) -> None:
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=cents, refunded_on=LATER.date(), reason="Expirée",
            actor=make_user(RoleName.ACCOUNTANT), now=LATER,
        )  # fmt: skip


def test_money_on_an_expired_order_is_to_be_refunded_until_it_is() -> None:
    order = place(seats(make_study_day()), payment_method="card")
    pay(order, 10000, reference="0001")

    checkout.expire_due(now=LATER)

    assert (shown_under("a-rembourser"), shown_under("closes")) == (1, 1)
    refund(order, 10000)
    assert (shown_under("a-rembourser"), shown_under("closes")) == (0, 1)


def test_orders_that_are_left_to_somebody_are_not_to_be_expired() -> None:
    first, second = (place(seats(make_study_day()), payment_method="card") for _ in range(2))

    assert queries.expirable(now=LATER, but=[first.id]) == [second.id]

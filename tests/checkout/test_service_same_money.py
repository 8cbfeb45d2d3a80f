"""The same cheque typed again, wherever and whenever, is asked about."""

from datetime import timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.orders.models import Order
from eventsapp.payments.errors import AlreadyRecorded
from eventsapp.payments.models import Payment
from eventsapp.payments.values import Part
from eventsapp.receipts import service as receipts
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")
TODAY = NOW.date()


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


@pytest.fixture
def orders(transaction: None) -> tuple[Order, Order]:
    return place(seats(make_study_day()), payment_method="cheque"), place(
        seats(make_study_day()), payment_method="cheque"
    )


def receive(*paid: Order, actor: User, days_ago: int = 0, cents: int = 10000, **values: Any) -> list[Payment]:
    """Record the cheque n° 0001234 of a bank for orders that share it."""
    given = {"method": "cheque", "reference": "0001234", "bank": "BNP Paribas"} | values
    with unit_of_work.transaction():
        return receipts.record(
            [Part(order_id=order.id, amount_cents=cents) for order in paid],
            MoneyReceived(amount_cents=cents * len(paid), **given),
            received_on=TODAY - timedelta(days=days_ago),
            actor=actor,
            now=NOW,
        )


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"days_ago": 3},
        {"cents": 5000},
        {"reference": "1234"},
        {"reference": "000 1234"},
        {"bank": "bnp paribas"},
        {"bank": ""},
    ],
)
@pytest.mark.parametrize("on_another_order", [False, True])
def test_a_cheque_that_is_known_is_asked_about(
    orders: tuple[Order, Order], accountant: User, typed: dict[str, Any], *, on_another_order: bool
) -> None:
    receive(orders[0], actor=accountant)

    with pytest.raises(AlreadyRecorded) as asked:
        receive(orders[on_another_order], actor=accountant, **typed)

    assert orders[0].reference in str(asked.value.message)
    assert [order.paid_cents for order in orders] == [10000, 0]


@pytest.mark.parametrize(
    "typed", [{"reference": "0001235"}, {"bank": "Crédit agricole"}, {"method": "transfer"}, {"surely_new": True}]
)
def test_another_cheque_is_not(orders: tuple[Order, Order], accountant: User, typed: dict[str, Any]) -> None:
    receive(orders[0], actor=accountant)

    assert len(receive(orders[1], actor=accountant, **typed)) == 1


def test_a_cheque_for_several_orders_is_not_the_same_as_itself(orders: tuple[Order, Order], accountant: User) -> None:
    assert len(receive(*orders, actor=accountant)) == 2

    with pytest.raises(AlreadyRecorded):
        receive(*orders, actor=accountant)


def test_a_cheque_that_bounced_may_be_presented_again(orders: tuple[Order, Order], accountant: User) -> None:
    (first,) = receive(orders[0], actor=accountant)
    with unit_of_work.transaction():
        receipts.reverse(first.id, reversed_on=TODAY, reason="sans provision", actor=accountant, now=NOW)

    assert len(receive(orders[0], actor=accountant)) == 1


def test_a_form_sent_twice_is_not_asked_about(orders: tuple[Order, Order], accountant: User) -> None:
    answers = [receive(*orders, actor=accountant, form_key="k" * 20) for _ in range(2)]

    assert [len(counted) for counted in answers] == [2, 0]


def test_a_transfer_is_the_same_by_order_number_amount_and_date(orders: tuple[Order, Order]) -> None:
    def settle(order: Order, days_ago: int) -> Payment | None:
        money = MoneyReceived(method="transfer", amount_cents=100, reference="VIR")
        with unit_of_work.transaction():
            return checkout.settle(order.id, money, received_on=TODAY - timedelta(days=days_ago), now=NOW)

    settle(orders[0], 0)

    assert settle(orders[0], 1) is not None
    assert settle(orders[1], 0) is not None
    with pytest.raises(AlreadyRecorded):
        settle(orders[0], 0)

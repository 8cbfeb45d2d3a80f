"""The two states of an order."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.orders import rules
from eventsapp.orders.errors import IllegalTransition
from eventsapp.orders.statuses import NEXT, OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing
from tests.support.makers.study_days import NOW


@pytest.mark.parametrize(
    ("total", "paid", "refunded", "status"),
    [
        (0, 0, 0, PaymentStatus.NONE),
        (100, 0, 0, PaymentStatus.DUE),
        (100, 1, 0, PaymentStatus.PART_PAID),
        (100, 99, 0, PaymentStatus.PART_PAID),
        (100, 100, 0, PaymentStatus.PAID),
        (100, 101, 0, PaymentStatus.OVERPAID),
        (100, 101, 1, PaymentStatus.PAID),
        (100, 100, 1, PaymentStatus.PART_REFUNDED),
        (100, 100, 100, PaymentStatus.REFUNDED),
        (100, 50, 50, PaymentStatus.REFUNDED),
        (100, 200, 50, PaymentStatus.OVERPAID),
    ],
)
def test_the_state_of_the_money_follows_from_what_came_in_and_went_back(
    total: int, paid: int, refunded: int, status: PaymentStatus
) -> None:
    assert rules.payment_status(total_cents=total, paid_cents=paid, refunded_cents=refunded) is status


@pytest.mark.parametrize("before", OrderStatus)
@pytest.mark.parametrize("after", OrderStatus)
def test_only_the_transitions_of_the_table_are_allowed(before: OrderStatus, after: OrderStatus) -> None:
    if after in NEXT[before]:
        rules.require_transition(before, after)
    else:
        with pytest.raises(IllegalTransition):
            rules.require_transition(before, after)


def test_an_expired_order_comes_back_only_by_being_paid() -> None:
    assert NEXT[OrderStatus.EXPIRED] == {OrderStatus.CONFIRMED}


@pytest.mark.parametrize(
    ("status", "minutes_left", "lapsed"),
    [
        (OrderStatus.PENDING, 1, False),
        (OrderStatus.PENDING, 0, True),
        (OrderStatus.PENDING, -73, True),
        (OrderStatus.PENDING, None, False),
        (OrderStatus.CONFIRMED, -73, False),
        (OrderStatus.EXPIRED, -73, False),
    ],
)
def test_the_clock_alone_ends_the_time_to_pay(status: OrderStatus, minutes_left: int | None, lapsed: bool) -> None:
    expires_at = None if minutes_left is None else NOW + timedelta(minutes=minutes_left)

    assert rules.is_lapsed(status=status, expires_at=expires_at, now=NOW) is lapsed


@pytest.mark.parametrize(
    ("total", "credited", "paid", "refunded", "status"),
    [
        (100, 40, 0, 0, PaymentStatus.DUE),
        (100, 40, 60, 0, PaymentStatus.PAID),
        (100, 40, 100, 0, PaymentStatus.OVERPAID),
        (100, 40, 100, 40, PaymentStatus.PAID),
        (100, 40, 100, 50, PaymentStatus.PART_REFUNDED),
        (100, 100, 0, 0, PaymentStatus.NONE),
        (100, 100, 100, 0, PaymentStatus.OVERPAID),
        (100, 100, 100, 100, PaymentStatus.REFUNDED),
    ],
)
def test_what_was_credited_is_not_owed(total: int, credited: int, paid: int, refunded: int, status: object) -> None:
    found = rules.payment_status(total_cents=total, credited_cents=credited, paid_cents=paid, refunded_cents=refunded)

    assert found is status


@given(st.integers(0, 1_000_000), st.lists(st.integers(1, 20), min_size=1, max_size=12))
def test_units_taken_one_after_the_other_make_the_price_to_the_cent(price: int, steps: list[int]) -> None:
    left_cents, left = price, sum(steps)
    for units in steps:
        taken = rules.taken(left_cents, units=units, of=left)
        assert 0 <= taken <= left_cents
        # Nobody's seat costs a cent more than another's.
        assert abs(taken * left - left_cents * units) < left
        left_cents, left = left_cents - taken, left - units

    assert left_cents == 0


@pytest.mark.parametrize("units", [-1, 3])
def test_more_than_there_is_cannot_be_taken(units: int) -> None:
    with pytest.raises(ValueError, match="of 2"):
        rules.taken(100, units=units, of=2)


def test_a_customer_has_the_same_number_however_it_is_written() -> None:
    town = Billing(organisation="Mairie d’Étaples", siret="21620318200012")
    assert rules.customer_number(town, email="a@etaples.fr") == "21620318200012"

    named = [Billing(organisation=name, postcode="62630") for name in ("Mairie d’Étaples", "MAIRIE  D’ETAPLES")]
    elsewhere = Billing(organisation="Mairie d’Étaples", postcode="62631")
    assert len({rules.customer_number(billing, email=f"{at}@etaples.fr") for at, billing in enumerate(named)}) == 1
    assert rules.customer_number(elsewhere, email="") != rules.customer_number(named[0], email="")

    people = {
        rules.customer_number(Billing(), email=email) for email in ("A.Roux@mail.fr", " a.roux@mail.fr", "b@mail.fr")
    }
    assert len(people) == 2
    assert all(number is not None and len(number) <= 20 for number in people)


def test_of_whom_nothing_is_known_is_no_customer() -> None:
    assert rules.customer_number(Billing(), email=" ") is None

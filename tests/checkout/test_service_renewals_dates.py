"""Years of a reader's life at random: renewed early, late, in time, and paid twice; no day is lost and none doubled."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from eventsapp.accounts.access import Permission
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.dashboard import queries as dashboard
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Buyer
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions import rules
from eventsapp.subscriptions import service as subscription_service
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import PRIVATE, pay
from tests.subscriptions.looking import contract_of
from tests.support.makers.orders import a_renewal, place, subscription
from tests.support.makers.subscriptions import make_plan

MONTHS = (1, 3, 12, 24)

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Step:
    """A renewal so many days from the present end, by a plan of so many months, paid by one order or by two."""

    distance: int
    months: int
    twice: bool = False


STEPS = st.lists(st.builds(Step, st.integers(-40, 70), st.sampled_from(MONTHS), st.booleans()), min_size=1, max_size=3)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dates(date(2023, 1, 1), date(2031, 12, 31)), months=st.sampled_from(MONTHS), steps=STEPS)
@example(start=date(2024, 2, 29), months=12, steps=[Step(-10, 12, twice=True), Step(0, 12)])
@example(start=date(2026, 1, 31), months=1, steps=[Step(-3, 1), Step(-3, 1), Step(40, 12)])
@pytest.mark.usefixtures("client")
def test_each_renewal_goes_on_from_the_end_or_begins_on_its_day(start: date, months: int, steps: list[Step]) -> None:
    # Chance begins anew with each life, and with it the names of mails written at the same moment.
    db.session.execute(sa.delete(OutgoingMail))
    plans = {length: make_plan(months=length) for length in MONTHS}
    reader = Buyer(email=f"lectrice{next(_numbers)}@exemple.fr", first_name="Agnès", last_name="Delcourt")
    current = _subscribed(plans[months], reader, on=start)
    assert (current.starts_on, current.ends_on) == (start, rules.last_day(starts_on=start, months=months))
    today = start
    for step in steps:
        end = current.ends_on
        assert end is not None
        today = max(today, end + timedelta(days=step.distance))

        renewal = _renewed(current, plans[step.months], reader, on=today, twice=step.twice)

        assert renewal.renews_id == current.id
        assert renewal.starts_on == max(today, end + timedelta(days=1))
        assert renewal.ends_on == rules.last_day(starts_on=renewal.starts_on, months=step.months)
        assert subscriptions.has_active_contract(reader.email, renewal.starts_on)
        current = renewal


@pytest.mark.parametrize(
    ("start", "months", "end", "renewed_until"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28), date(2030, 2, 28)),
        (date(2027, 1, 31), 1, date(2027, 2, 28), date(2027, 3, 31)),
        (date(2027, 1, 31), 12, date(2028, 1, 30), date(2029, 1, 30)),
    ],
)
@pytest.mark.usefixtures("client")
def test_paid_by_card_and_by_cheque_at_once_it_is_extended_once_and_the_office_is_told_of_the_rest(
    start: date, months: int, end: date, renewed_until: date
) -> None:
    plan = make_plan(months=months)
    reader = Buyer(email="lectrice@exemple.fr", first_name="Agnès", last_name="Delcourt")
    first = _subscribed(plan, reader, on=start)
    assert first.ends_on == end
    early = end - timedelta(days=10)

    renewal = _renewed(first, plan, reader, on=early, twice=True)

    assert (renewal.starts_on, renewal.ends_on) == (end + timedelta(days=1), renewed_until)
    with _noon(early) as now:
        told = dashboard.waiting({Permission.ORDERS_VIEW}, now=now, today=early)
    assert told.refunds == 1


def _subscribed(plan: Plan, reader: Buyer, *, on: date) -> Contract:
    with _noon(on) as now:
        order = place(subscription(plan), payment_method="card", billing=PRIVATE, buyer=reader, now=now)
        pay(order, order.total_cents, now=now)
    return contract_of(order)


def _renewed(contract: Contract, plan: Plan, reader: Buyer, *, on: date, twice: bool) -> Contract:
    """Renew by an order paid by card, and by another paid by cheque at the same time: only one extends."""
    with _noon(on) as now:
        with unit_of_work.transaction():
            subscription_service.expire_due(today=on)
        by_card, *more = [
            place(a_renewal(contract, plan), payment_method=method, billing=PRIVATE, buyer=reader, now=now)
            for method in (["card", "cheque"] if twice else ["card"])
        ]
        for order in (by_card, *more):
            pay(order, order.total_cents, now=now)
    for order in more:
        _is_to_be_given_back(order)
    return contract_of(by_card)


def _is_to_be_given_back(order: Order) -> None:
    refused = contract_of(order)
    found = orders.by_reference(order.reference)
    assert found is not None
    assert (found.status, found.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.OVERPAID)
    assert found.paid_without_seat
    assert (refused.status, refused.starts_on) == (ContractStatus.CANCELLED, None)
    db.session.expire_all()


class _noon(time_machine.travel):  # noqa: N801 - reads as what it does
    """Live at noon of a day; give the moment."""

    def __init__(self, day: date) -> None:
        self.moment = datetime.combine(day, time(12), tzinfo=UTC)
        super().__init__(self.moment, tick=False)

    def __enter__(self) -> datetime:  # type: ignore[override]
        super().__enter__()
        return self.moment

"""Sums by month, each person once, trials apart, in as many queries whatever there is."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.figures import queries, service
from eventsapp.figures.statuses import ReadBy
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus
from tests.figures.looking import address, came_to
from tests.support.makers.magazine import make_article
from tests.support.makers.readers import joined, make_institution
from tests.support.makers.subscriptions import make_contract
from tests.support.queries import QueryCount

TODAY = date(2026, 11, 23)
YEAR = date(2026, 1, 1), date(2026, 12, 31)

pytestmark = [pytest.mark.usefixtures("transaction", "frozen")]


def contract(starts_on: date, ends_on: date, *, email: str = "", **values: Any) -> Contract:
    made = make_contract(
        email or f"abonne-{starts_on}-{ends_on}@exemple.fr", starts_on=starts_on, ends_on=ends_on, **values
    )
    made.created_at = datetime.combine(starts_on, datetime.min.time(), tzinfo=UTC)
    db.session.commit()
    return made


def contracts(**asked: Any) -> dict[date, tuple[int, int, int, int]]:
    rows = queries.contracts_by_month(*YEAR, **{"today": TODAY} | asked)
    assert len(rows) == 12
    return {
        row.month: (row.new, row.renewed, row.ended, row.at_risk)
        for row in rows
        if (row.new, row.renewed, row.ended, row.at_risk) != (0, 0, 0, 0)
    }


def test_readings_are_summed_by_month_and_kind_and_the_most_read_come_first() -> None:
    first, second = make_article(title="Un"), make_article(title="Deux")
    for article, read_by, on, times in (
        (first, ReadBy.FREE, date(2026, 9, 30), 3),
        (first, ReadBy.GIFT, date(2026, 10, 1), 1),
        (second, ReadBy.FREE, date(2026, 10, 2), 7),
        (second, ReadBy.FREE, date(2025, 12, 31), 100),
    ):
        service.count_reading(article.id, read_by, on=on, times=times)

    rows = {row.month: row for row in queries.reads_by_month(*YEAR)}

    assert len(rows) == 12
    assert rows[date(2026, 9, 1)].total == 3
    assert (rows[date(2026, 10, 1)].of(ReadBy.FREE), rows[date(2026, 10, 1)].of(ReadBy.GIFT)) == (7, 1)
    assert rows[date(2026, 1, 1)].total == 0
    assert [(title, total) for _slug, title, total in queries.most_read(*YEAR)] == [("Deux", 7), ("Un", 4)]


def test_contracts_begin_end_and_are_at_risk_in_their_months() -> None:
    contract(date(2026, 3, 15), date(2026, 10, 31))

    assert contracts() == {
        date(2026, 3, 1): (1, 0, 0, 0),
        # Sixty days before the end of October begin on the first of September.
        date(2026, 9, 1): (0, 0, 0, 1),
        date(2026, 10, 1): (0, 0, 1, 1),
    }


def test_one_that_goes_on_is_renewed_and_neither_ended_nor_at_risk_from_then_on() -> None:
    former = contract(date(2025, 10, 1), date(2026, 9, 30))
    following = contract(date(2026, 10, 1), date(2027, 9, 30), renews_id=former.id)
    following.created_at = datetime(2026, 9, 15, tzinfo=UTC)
    db.session.commit()

    assert contracts() == {
        # At the end of August nobody knew that it would go on.
        date(2026, 8, 1): (0, 0, 0, 1),
        date(2026, 10, 1): (0, 1, 0, 0),
    }


def test_what_is_at_risk_this_month_is_so_today_and_of_months_to_come_nothing_is_known() -> None:
    contract(date(2026, 2, 1), date(2027, 1, 22))
    contract(date(2026, 2, 1), date(2027, 1, 23))

    assert contracts()[date(2026, 11, 1)] == (0, 0, 0, 1)
    assert date(2026, 12, 1) not in contracts()


@pytest.mark.parametrize("status", [ContractStatus.PENDING, ContractStatus.CANCELLED])
def test_what_never_ran_counts_nowhere(status: ContractStatus) -> None:
    contract(date(2026, 3, 15), date(2026, 10, 31), status=status)

    assert contracts() == {}


def test_whoever_came_counts_once_and_was_led_by_a_paid_subscription_in_time() -> None:
    came_to(date(2026, 3, 10), 1, 2, 3, 4, 5)
    came_to(date(2026, 6, 10), 1)
    contract(date(2026, 9, 10), date(2027, 9, 9), email=address(1))
    contract(date(2026, 9, 11), date(2027, 9, 10), email=address(2))
    contract(date(2026, 1, 1), date(2026, 12, 31), email=address(3))
    contract(date(2026, 4, 1), date(2027, 3, 31), email=address(4), kind=ContractKind.COMPLIMENTARY)

    def months(within: int) -> dict[date, tuple[int, int, int, int | None]]:
        rows = queries.conversion_by_month(*YEAR, within=within, today=TODAY)
        return {row.month: (row.people, row.had, row.led, row.percent) for row in rows if row.people}

    assert months(6) == {date(2026, 3, 1): (5, 1, 1, 25)}
    assert months(12) == {date(2026, 3, 1): (5, 1, 2, 50)}
    assert months(3) == {date(2026, 3, 1): (5, 1, 0, 0)}


def test_whoever_read_by_a_seat_of_an_institution_had_a_subscription_and_a_trial_leads_to_none() -> None:
    institution = make_institution(5, today=date(2026, 3, 1), now=datetime(2026, 3, 1, 9, tzinfo=UTC))
    joined(institution, address(1), address(2), now=datetime(2026, 3, 1, 9, tzinfo=UTC))
    came_to(date(2026, 2, 10), 2)
    came_to(date(2026, 3, 10), 1, 3)
    contract(date(2026, 4, 1), date(2027, 3, 31), email=address(3), is_test=True)
    db.session.execute(sa.update(Order).values(is_test=False))
    db.session.execute(sa.update(Registration).values(is_test=False))
    db.session.commit()

    rows = queries.conversion_by_month(*YEAR, within=6, today=TODAY)

    assert {row.month: (row.people, row.had, row.led) for row in rows if row.people} == {
        date(2026, 2, 1): (1, 0, 0),
        date(2026, 3, 1): (2, 1, 0),
    }


def test_who_was_absent_or_cancelled_was_led_nowhere_and_a_day_to_come_neither() -> None:
    came_to(date(2026, 12, 20), 9)
    came_to(date(2026, 5, 5), 1, 2)
    absent, cancelled = db.session.scalars(
        sa.select(Registration).where(Registration.email != address(9)).order_by(Registration.id)
    )
    absent.status, cancelled.status = RegistrationStatus.ABSENT, RegistrationStatus.CANCELLED
    db.session.commit()

    rows = queries.conversion_by_month(*YEAR, within=6, today=TODAY)

    assert sum(row.people for row in rows) == 0


@pytest.mark.parametrize("more", [1, 12])
def test_each_sum_is_one_query_whatever_there_is(more: int, count_queries: AbstractContextManager[QueryCount]) -> None:
    came_to(date(2026, 3, 10), *range(more))
    for number in range(more):
        contract(date(2026, 4, 1), date(2026, 10, 30), email=address(number))
        service.count_reading(make_article().id, ReadBy.FREE, on=TODAY)

    with count_queries as count:
        queries.reads_by_month(*YEAR)
        queries.most_read(*YEAR)
        queries.contracts_by_month(*YEAR, today=TODAY)
        found = queries.conversion_by_month(*YEAR, within=6, today=TODAY)

    assert count() == 4
    assert sum(row.led for row in found) == more

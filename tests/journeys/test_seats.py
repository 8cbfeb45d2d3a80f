"""Many buyers at once for few seats, over HTTP, on both databases; and the same without the guard."""

import multiprocessing
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventsapp.core.db import db, writing
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from tests.checkout.web.sending import MANDAT, open_day
from tests.conftest import database_address
from tests.support.buyers import Visitors, buy
from tests.support.stack import Stack, running_stack

SEATS = 50
#: Enough of them to see the run without the guard go wrong; the whole crowd is for ``make test-long``.
BUYERS, CROWD = 96, 400
PROCESSES = 8

pytestmark = pytest.mark.load


def sell(stack: Stack, slug: str, *, buyers: int) -> Counter[int]:
    """Let every buyer try; return how many answers there were of each status."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        share = buyers // PROCESSES
        answers = pool.map(
            buy, [Visitors(stack.url, slug, process * share, share, MANDAT) for process in range(PROCESSES)]
        )
    return Counter(status for statuses in answers for status in statuses)


def a_day_with_few_seats() -> str:
    with writing():
        slug = open_day(capacity=SEATS).slug
        db.session.remove()
    return slug


@pytest.mark.parametrize("buyers", [BUYERS, pytest.param(CROWD, marks=pytest.mark.long)])
def test_fifty_seats_are_sold_exactly_fifty_times(database: str, tmp_path: Path, buyers: int) -> None:
    with running_stack(tmp_path, database_url=database_address(database, tmp_path), worker=False, workers=4) as stack:
        slug = a_day_with_few_seats()

        answers = sell(stack, slug, buyers=buyers)

        assert answers == {303: SEATS, 409: buyers - SEATS}
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == SEATS
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == SEATS
        assert db.session.scalar(sa.select(StudyDay.seats_taken)) == SEATS
        db.session.remove()


@pytest.mark.by_turns
def test_without_the_guard_the_same_run_goes_wrong(database: str, tmp_path: Path) -> None:
    address = database_address(database, tmp_path)
    with running_stack(
        tmp_path, database_url=address, worker=False, workers=4, wsgi="tests.support.unguarded:app"
    ) as stack:
        slug = a_day_with_few_seats()

        answers = sell(stack, slug, buyers=BUYERS)

        # PostgreSQL oversells; SQLite, its write lock taken too late, fails requests instead.
        assert answers[303] > SEATS if database == "postgresql" else answers[503] > 0
        db.session.remove()

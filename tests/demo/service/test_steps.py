"""Loading is repeatable, and follows the calendar."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from eventsapp.core import clock
from eventsapp.core.db import Base, db
from eventsapp.demo import queries, service
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import SHOWN, Availability
from tests.support.database import migrated_app

IN_SIXTY_DAYS = timedelta(days=60)


def test_loading_twice_changes_nothing(demo: Flask) -> None:
    before = _counts()

    made = [step.run() for step in service.steps(now=clock.now())]

    assert set(made) == {0}
    assert _counts() == before
    assert before["orders"] > 70


def test_loading_again_later_changes_nothing(demo: Flask) -> None:
    before = _counts()

    made = [step.run() for step in service.steps(now=clock.now() + IN_SIXTY_DAYS)]

    assert set(made) == {0}
    assert _counts() == before


@pytest.mark.parametrize("later", [timedelta(0), IN_SIXTY_DAYS], ids=["today", "in sixty days"])
def test_there_is_a_day_in_every_state(demo: Flask, later: timedelta) -> None:
    assert _availabilities(clock.now() + later) == set(Availability)


@pytest.mark.parametrize(
    "today",
    [
        datetime(2027, 1, 22, 5, tzinfo=UTC),
        datetime(2027, 7, 18, 21, tzinfo=UTC),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
    ],
    ids=["in sixty days", "on a Sunday in summer", "on a leap day"],
)
def test_loaded_on_another_day_the_dates_follow(tmp_path: Path, today: datetime) -> None:
    app = migrated_app({"DATABASE_URL": f"sqlite:///{tmp_path}/then.sqlite", "STORAGE_URL": f"file://{tmp_path}/files"})
    with time_machine.travel(today), app.app_context():
        for step in _of_days(service.steps(now=clock.now())):
            step.run()

        found = _availabilities(clock.now()), _availabilities(clock.now() + IN_SIXTY_DAYS)
        # But for the one held on that very date, which may be over by the hour.
        upcoming = sum(day.ends_at > today for day in _shown_days() if day.date != clock.local_date(today))
        db.session.remove()
        db.engine.dispose()

    # No seats are sold here: the two states that depend on them have a test of their own.
    unsold = set(Availability) - {Availability.FULL, Availability.FEW_SEATS}
    off = {Availability.POSTPONED, Availability.CANCELLED}
    assert (found[0] - off, found[1] - off) == (unsold - off, unsold - off)
    assert upcoming == 14


def test_a_step_says_what_it_is_about(demo: Flask) -> None:
    assert [step.about for step in service.steps(now=clock.now())][:3] == ["team", "plans", "themes and series"]


def _of_days(steps: Sequence[service.Step]) -> list[service.Step]:
    """Return the steps up to the days: what their dates depend on."""
    abouts = [step.about for step in steps]
    return list(steps[: abouts.index("valence-delegations-de-signature") + 1])


def _availabilities(now: datetime) -> set[Availability]:
    return {day.availability(now) for day in _shown_days()}


def _shown_days() -> Sequence[StudyDay]:
    return db.session.scalars(sa.select(StudyDay).where(StudyDay.status.in_(SHOWN))).all()


def _counts() -> dict[str, int]:
    count: Callable[[sa.Table], int] = lambda table: (  # noqa: E731
        db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    )
    return {table.name: count(table) for table in Base.metadata.sorted_tables}


def test_an_installation_with_the_demonstration_is_not_empty(demo: Flask) -> None:
    assert not queries.is_empty()

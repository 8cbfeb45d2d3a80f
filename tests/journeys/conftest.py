"""One running application for all journeys on the same database."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db, writing
from eventsapp.magazine.models import Section
from eventsapp.study_days.models import StudyDay
from tests.conftest import REDIS, database_address
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.stack import Stack, running_stack

#: Seconds that the worker may take: what a full machine missed, the timetable does a minute later.
PATIENCE = 90


@pytest.fixture(scope="session")
def stack(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole application: on SQLite alone, and on PostgreSQL with Redis; the worker is a process of its own."""
    folder = tmp_path_factory.mktemp(f"stack-{database}")
    redis = own_redis() if database == "postgresql" else ""
    with running_stack(folder, database_url=database_address(database, folder), redis_url=redis) as running:
        with writing():
            make_user(RoleName.ORGANISER, email="organisatrice@exemple.fr")
            make_user(RoleName.EDITOR, email="redactrice@exemple.fr")
            make_plan(slug="individuel", name="individuel, un an", name_en="individual, one year")
            db.session.add(Section(slug="reportage", name="Reportage", position=1))
            db.session.commit()
            db.session.remove()
        yield running


def own_redis() -> str:
    """Return the address of a part of Redis that is this test worker's alone: another's stack would take its tasks."""
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{os.environ[REDIS].rpartition('/')[0]}/{number}"


@pytest.fixture
def open_day(stack: Stack) -> str:
    """The slug of a day that takes registrations."""
    starts_at = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) + timedelta(days=60)
    with writing():
        day = make_study_day(
            title="Services communs : le vrai coût",
            city=make_city("Nantes"),
            starts_at=starts_at,
            registration_closes_at=starts_at - timedelta(days=2),
        )
        return _slug(day)


@pytest.fixture
def past_day(stack: Stack) -> str:
    """The slug of a day that is over: two sessions, a speaker each."""
    starts_at = datetime(2009, 2, 24, 8, tzinfo=UTC)
    with writing():
        day = make_study_day(title="La mutualisation à Angers", city=make_city("Angers"), starts_at=starts_at)
        make_session(day, position=1, title="Angers et son agglomération", speakers=[make_speaker("Michel Monier")])
        make_session(day, position=2, title="Mulhouse et la sienne", speakers=[make_speaker("Jean-François Girardin")])
        return _slug(day)


def _slug(day: StudyDay) -> str:
    slug = day.slug
    db.session.remove()
    return slug


def wait_until(happened: Callable[[], object], *, at_most: float = PATIENCE) -> None:
    """Wait for what the worker does in its own time, so many seconds ``at_most``."""
    deadline = time.monotonic() + at_most
    while not happened():
        if time.monotonic() > deadline:
            message = "it did not happen"
            raise TimeoutError(message)
        time.sleep(0.1)

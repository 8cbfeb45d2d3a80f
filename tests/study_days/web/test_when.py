"""Dates, hours and lengths in words."""

from datetime import UTC, datetime, timedelta

import pytest

from eventsapp.study_days import queries
from eventsapp.study_days.models import StudySession
from eventsapp.study_days.web import when
from tests.support.makers.study_days import make_city, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")

START = datetime(2027, 2, 24, 8, tzinfo=UTC)


def test_a_day_is_said_with_its_weekday() -> None:
    assert when.dates(make_study_day(starts_at=START)) == "mercredi 24\u00a0février 2027"


def test_a_day_that_ends_at_midnight_has_one_date() -> None:
    day = make_study_day(starts_at=START, ends_at=datetime(2027, 2, 24, 23, tzinfo=UTC))

    assert when.dates(day) == "mercredi 24\u00a0février 2027"


def test_a_longer_day_is_said_with_both_dates() -> None:
    day = make_study_day(starts_at=START, ends_at=START + timedelta(days=5))

    assert when.dates(day) == "du mercredi 24\u00a0février 2027 au lundi 1er\u00a0mars 2027"
    assert when.hours(day) == "9\u00a0h\u00a000 le premier jour – 9\u00a0h\u00a000 le dernier"


def test_hours_elsewhere_say_whose_they_are() -> None:
    make_study_day(slug="reunion", starts_at=START, timezone="Indian/Reunion", city=make_city("Saint-Denis"))
    day = queries.shown_day("reunion")

    assert day is not None
    assert when.hours(day) == "12\u00a0h\u00a000 – 20\u00a0h\u00a000, heure de Saint-Denis"


def test_hours_that_nobody_knows_are_not_said() -> None:
    assert when.hours(make_study_day(hours_known=False)) == ""


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (45, "45\u00a0min"),
        (60, "1\u00a0h"),
        (75, "1\u00a0h\u00a015"),
        (65, "1\u00a0h\u00a005"),
        (0, ""),
        (-5, ""),
        (None, ""),
    ],
)
def test_lengths_are_said_in_hours_and_minutes(minutes: int | None, said: str) -> None:
    ends_at = None if minutes is None else START + timedelta(minutes=minutes)

    assert when.length(StudySession(starts_at=START, ends_at=ends_at)) == said

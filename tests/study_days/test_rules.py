"""Decisions about days: times across summer time, programmes typed as lines, what is missing."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.errors import Invalid
from eventsapp.study_days import rules
from eventsapp.study_days.errors import DayInUse
from eventsapp.study_days.rules import Readiness
from eventsapp.study_days.statuses import SessionKind

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")


def test_an_hour_is_the_clock_of_the_town() -> None:
    assert rules.moment(date(2027, 3, 11), time(9, 30), PARIS) == datetime(2027, 3, 11, 8, 30, tzinfo=UTC)
    assert rules.moment(date(2027, 3, 11), time(9, 30), REUNION) == datetime(2027, 3, 11, 5, 30, tzinfo=UTC)


def test_the_hour_that_spring_skips_is_refused_and_the_one_that_autumn_repeats_is_the_first() -> None:
    with pytest.raises(Invalid):
        rules.moment(date(2027, 3, 28), time(2, 30), PARIS)

    assert rules.moment(date(2026, 10, 25), time(2, 30), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    start=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001
    days=st.integers(-700, 700),
)
def test_what_moves_by_days_keeps_the_hour_of_the_clock(start: datetime, days: int) -> None:
    instant = start.replace(hour=9 + start.hour % 9, tzinfo=PARIS).astimezone(UTC)

    moved = rules.moved(instant, by=timedelta(days=days), zone=PARIS)

    before, after = instant.astimezone(PARIS), moved.astimezone(PARIS)
    assert after.time() == before.time()
    assert after.date() - before.date() == timedelta(days=days)


def test_registration_closes_at_noon_two_days_before() -> None:
    starts_at = datetime(2027, 3, 29, 7, tzinfo=UTC)

    assert rules.default_close(starts_at, PARIS) == datetime(2027, 3, 27, 11, tzinfo=UTC)


@pytest.mark.parametrize(("capacity", "taken", "over"), [(40, 45, 5), (45, 45, 0), (50, 45, 0), (0, 0, 0)])
def test_overbooked_is_what_is_taken_beyond_the_capacity(capacity: int, taken: int, over: int) -> None:
    assert rules.overbooked(capacity=capacity, seats_taken=taken) == over


def test_nothing_is_missing_from_a_day_that_is_ready() -> None:
    ready = Readiness(lead=True, venue=False, talks=1, prices=1, terms=False)

    assert rules.missing(ready) == []
    assert len(rules.advisable(ready)) == 2


def test_each_thing_missing_is_named() -> None:
    empty = Readiness(lead=False, venue=False, talks=0, prices=0, terms=False)

    assert [line.split(" ")[0] for line in rules.missing(empty)] == ["Le", "Au", "Au"]


def test_taken_seats_keep_a_day_where_it_is() -> None:
    rules.require_nobody(0)
    with pytest.raises(DayInUse):
        rules.require_nobody(1)


def test_a_programme_is_read_line_by_line() -> None:
    lines = rules.programme_lines(
        "9h00 Accueil\n\n9:30 - 10h30 Les finances : où en est-on ?\n10 h 30 Pause\n11:00 à 12:00 Débat\nSans heure"
    )

    assert [(line.starts, line.ends, line.title, line.kind) for line in lines] == [
        (time(9), time(9, 30), "Accueil", SessionKind.BREAK),
        (time(9, 30), time(10, 30), "Les finances : où en est-on ?", SessionKind.TALK),
        (time(10, 30), time(11), "Pause", SessionKind.BREAK),
        (time(11), time(12), "Débat", SessionKind.TALK),
        (None, None, "Sans heure", SessionKind.TALK),
    ]


def test_an_hour_that_no_clock_shows_names_its_line() -> None:
    with pytest.raises(Invalid, match="Ligne 2"):
        rules.programme_lines("9:00 Accueil\n25:00 Trop tard")


@given(st.text(max_size=200))
def test_any_text_is_a_programme_or_refused(text: str) -> None:
    try:
        lines = rules.programme_lines(text)
    except Invalid:
        return
    assert len(lines) == len([line for line in text.splitlines() if line.strip()])

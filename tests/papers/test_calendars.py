from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from eventsapp.papers.calendars import CalendarEvent, EventStatus, calendar

PARIS = ZoneInfo("Europe/Paris")
DAY = CalendarEvent(
    uid="angers-2026@exemple.fr",
    starts_at=datetime(2026, 2, 24, 8, 0, tzinfo=UTC),
    ends_at=datetime(2026, 2, 24, 16, 0, tzinfo=UTC),
    summary="La mutualisation, ceux qui l’ont conduite ; leçons",
    description="Cinq séances.\nEntrée de plain-pied.",
    location="Hôtel de ville, Angers",
    url="https://exemple.fr/journees/angers-2026/",
    sequence=3,
    latitude=47.4736,
    longitude=-0.5542,
    updated_at=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
)


def feed(*events: CalendarEvent, name: str = "Journées d’étude", url: str = "https://exemple.fr/journees.ics") -> bytes:
    return calendar(events, name=name, url=url, refresh_hours=12)


def read_back(*events: CalendarEvent) -> list[Any]:
    return icalendar.Calendar.from_ical(feed(*events)).walk("VEVENT")


def test_an_event_comes_back_as_it_was_given() -> None:
    (entry,) = read_back(DAY)

    assert entry["SUMMARY"] == DAY.summary
    assert entry["DESCRIPTION"] == DAY.description
    assert entry["LOCATION"] == DAY.location
    assert entry["URL"] == DAY.url
    assert entry["UID"] == DAY.uid
    assert entry["SEQUENCE"] == 3
    assert entry["STATUS"] == "CONFIRMED"
    assert (entry["GEO"].latitude, entry["GEO"].longitude) == (47.4736, -0.5542)
    assert entry["DTSTART"].dt == datetime(2026, 2, 24, 9, 0, tzinfo=PARIS)
    assert entry["DTEND"].dt == datetime(2026, 2, 24, 17, 0, tzinfo=PARIS)
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == DAY.updated_at


def test_a_feed_says_its_name_and_when_to_come_back() -> None:
    lines = feed(DAY, name="Journées d’étude, Angers").decode().split("\r\n")

    assert "X-WR-CALNAME:Journées d’étude\\, Angers" in lines
    assert "NAME:Journées d’étude\\, Angers" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines
    assert "X-PUBLISHED-TTL:PT12H" in lines
    assert "METHOD:PUBLISH" in lines


def test_times_have_seconds_and_the_full_name_of_a_zone_that_comes_along_once() -> None:
    lines = feed(DAY, replace(DAY, uid="2")).decode().split("\r\n")

    assert "DTSTART;TZID=Europe/Paris:20260224T090000" in lines
    assert lines.count("BEGIN:VTIMEZONE") == lines.count("TZID:Europe/Paris") == 1


def test_two_zones_come_along_each_once() -> None:
    reunion = replace(DAY, uid="saint-denis", timezone="Indian/Reunion")

    text = feed(DAY, reunion, replace(reunion, uid="3")).decode()
    entries = read_back(DAY, reunion)

    assert "DTSTART;TZID=Indian/Reunion:20260224T120000" in text
    assert text.count("BEGIN:VTIMEZONE") == 2
    assert [entry["DTSTART"].dt.astimezone(UTC) for entry in entries] == [DAY.starts_at, DAY.starts_at]


@pytest.mark.parametrize(
    ("utc", "local"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "20260329T015900"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "20260329T030000"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "20261025T025900"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "20261025T030000"),
    ],
)
def test_the_hour_is_right_around_a_change_of_the_clocks(utc: datetime, local: str) -> None:
    event = replace(DAY, starts_at=utc, ends_at=utc + timedelta(hours=8))

    assert f"DTSTART;TZID=Europe/Paris:{local}\r\n".encode() in feed(event)
    assert read_back(event)[0]["DTSTART"].dt.astimezone(UTC) == utc
    assert read_back(event)[0]["DTEND"].dt.astimezone(UTC) == utc + timedelta(hours=8)


def test_the_second_of_two_equal_hours_is_told_in_utc() -> None:
    event = replace(
        DAY, starts_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ends_at=datetime(2026, 10, 25, 9, tzinfo=UTC)
    )

    assert b"DTSTART:20261025T013000Z\r\n" in feed(event)


@pytest.mark.parametrize(
    "zone", ["Europe/Paris", "Indian/Reunion", "America/Martinique", "Pacific/Noumea", "Australia/Sydney"]
)
def test_the_rules_that_come_along_agree_with_the_zone(zone: str) -> None:
    event = replace(DAY, timezone=zone)

    rules: list[Any] = icalendar.Calendar.from_ical(feed(event)).walk("VTIMEZONE")[0].subcomponents
    told = sorted((rule["DTSTART"].dt, rule["TZOFFSETFROM"].td, rule["TZOFFSETTO"].td) for rule in rules)

    assert told[0][0] < datetime(2026, 1, 1)  # noqa: DTZ001 - the clock of the zone itself
    for begins, before, after in told[1:]:
        moment = (begins - before).replace(tzinfo=UTC)
        assert (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).utcoffset() == before
        assert moment.astimezone(ZoneInfo(zone)).utcoffset() == after
    assert len(told) == (7 if zone in {"Europe/Paris", "Australia/Sydney"} else 1)


def test_an_all_day_event_of_two_days_has_dates_and_ends_the_day_after() -> None:
    event = replace(
        DAY,
        all_day=True,
        starts_at=datetime(2026, 6, 10, 7, 0, tzinfo=UTC),
        ends_at=datetime(2026, 6, 11, 15, 0, tzinfo=UTC),
    )

    lines = feed(event).decode().split("\r\n")

    assert "DTSTART;VALUE=DATE:20260610" in lines
    assert "DTEND;VALUE=DATE:20260612" in lines
    assert "BEGIN:VTIMEZONE" not in lines


def test_an_all_day_event_that_ends_at_midnight_does_not_take_the_next_day() -> None:
    midnight = datetime(2026, 6, 11, tzinfo=PARIS).astimezone(UTC)
    event = replace(DAY, all_day=True, starts_at=midnight - timedelta(days=1), ends_at=midnight)

    (entry,) = read_back(event)

    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2026, 6, 10), date(2026, 6, 11))


def test_a_cancelled_event_stays_and_says_so() -> None:
    entries = read_back(
        replace(DAY, status=EventStatus.CANCELLED, sequence=4), replace(DAY, status=EventStatus.TENTATIVE)
    )

    assert [(entry["STATUS"], entry["SEQUENCE"]) for entry in entries] == [("CANCELLED", 4), ("TENTATIVE", 3)]


@pytest.mark.parametrize(
    "hostile", ["a\r\nATTENDEE:mailto:x@evil.test", "a\nEND:VEVENT\nBEGIN:VEVENT", "a\x00\x07\x1b b", "\u2028X-EVIL:1"]
)
def test_no_text_makes_a_line_of_its_own(hostile: str) -> None:
    event = replace(DAY, summary=hostile, description=hostile, location=hostile, url=hostile, uid=hostile)

    data = calendar([event], name=hostile, url=hostile)
    names = [line.partition(b":")[0].partition(b";")[0] for line in unfolded(data)]

    assert names.count(b"BEGIN") == names.count(b"END")
    assert not {b"ATTENDEE", b"X-EVIL"} & set(names)
    assert len(icalendar.Calendar.from_ical(data).walk("VEVENT")) == 1
    assert not set(data) & (set(range(0x20)) - set(b"\r\n"))


def unfolded(data: bytes) -> list[bytes]:
    return data.replace(b"\r\n ", b"").split(b"\r\n")[:-1]


def test_lines_end_as_they_should_and_are_folded_between_characters() -> None:
    data = feed(replace(DAY, summary="é" * 300))

    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])
    assert read_back(replace(DAY, summary="é" * 300))[0]["SUMMARY"] == "é" * 300


def test_the_same_events_give_the_same_bytes() -> None:
    assert feed(DAY) == feed(DAY)
    assert feed(DAY) != feed(replace(DAY, sequence=4))


def test_a_feed_without_events_is_a_calendar() -> None:
    assert icalendar.Calendar.from_ical(feed()).walk("VEVENT") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": datetime(2026, 2, 24, 9, 0)},  # noqa: DTZ001 - what must be refused
        {"updated_at": datetime(2026, 2, 24, 9, 0)},  # noqa: DTZ001 - what must be refused
        {"ends_at": DAY.starts_at - timedelta(minutes=1)},
    ],
)
def test_times_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=DAY.uid):
        replace(DAY, **changes)


def test_times_of_another_offset_are_the_same_moments() -> None:
    elsewhere = timezone(timedelta(hours=-7))

    assert feed(replace(DAY, starts_at=DAY.starts_at.astimezone(elsewhere))) == feed(DAY)

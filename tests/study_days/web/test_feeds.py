"""Calendars and the Atom feed."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import icalendar
import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import NOW, make_city, make_study_day, make_theme
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]></summary><script>alert(1)</script>&amp; \x0b\x1f\ufffe"


def events(client: FlaskClient, path: str = "/journees/calendrier.ics") -> list[Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")


def feed(client: FlaskClient, path: str = "/journees/flux.atom") -> ET.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.data)  # noqa: S314 - our own


def test_a_day_can_be_kept(client: FlaskClient) -> None:
    city = make_city("Angers")
    day = make_study_day(
        slug="angers",
        title="Mutualiser",
        lead="Chapeau.",
        city=city,
        venue=make_venue(city, name="Centre", address="1, rue Une", postcode="49000"),
        calendar_sequence=3,
    )

    (event,) = events(client, "/journees/angers.ics")

    assert event["UID"] == f"journee-{day.id}@localhost"
    assert event["SUMMARY"] == "Mutualiser"
    assert event["LOCATION"] == "Centre, 1, rue Une, 49000 Angers"
    assert event["URL"] == "http://localhost/journees/angers/"
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CONFIRMED"
    assert event["DTSTART"].dt == datetime(2027, 2, 24, 9, tzinfo=ZoneInfo("Europe/Paris"))
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"


def test_a_day_keeps_its_identifier_whatever_changes(client: FlaskClient) -> None:
    day = make_study_day(slug="avant")
    before = events(client, "/journees/avant.ics")[0]["UID"]

    row = db.session.get_one(StudyDay, day.id)
    row.slug, row.title, row.starts_at = "apres", "Autre titre", row.starts_at - timedelta(days=3)
    db.session.commit()

    assert events(client, "/journees/apres.ics")[0]["UID"] == before
    assert events(client, "/en/journees/apres.ics")[0]["UID"] == before


@pytest.mark.parametrize(
    ("status", "said", "summary"),
    [
        (StudyDayStatus.CANCELLED, "CANCELLED", "Annulée : Mutualiser"),
        (StudyDayStatus.POSTPONED, "TENTATIVE", "Reportée : Mutualiser"),
    ],
)
def test_a_day_that_does_not_take_place_stays_and_says_so(
    client: FlaskClient, status: StudyDayStatus, said: str, summary: str
) -> None:
    make_study_day(title="Mutualiser", status=status)

    (event,) = events(client)

    assert (event["STATUS"], event["SUMMARY"]) == (said, summary)


@pytest.mark.parametrize(
    ("zone", "starts_at", "local"),
    [
        ("Indian/Reunion", datetime(2027, 2, 24, 5, tzinfo=UTC), (2027, 2, 24, 9, 0)),
        ("America/Martinique", datetime(2027, 2, 24, 13, tzinfo=UTC), (2027, 2, 24, 9, 0)),
        ("Pacific/Noumea", datetime(2027, 2, 23, 22, tzinfo=UTC), (2027, 2, 24, 9, 0)),
        # The morning after the clocks went on, and the one after they went back.
        ("Europe/Paris", datetime(2027, 3, 28, 7, tzinfo=UTC), (2027, 3, 28, 9, 0)),
        ("Europe/Paris", datetime(2027, 10, 31, 8, tzinfo=UTC), (2027, 10, 31, 9, 0)),
        ("Europe/Paris", datetime(2028, 2, 29, 8, tzinfo=UTC), (2028, 2, 29, 9, 0)),
    ],
)
def test_the_hour_is_that_of_the_town(
    client: FlaskClient, zone: str, starts_at: datetime, local: tuple[int, int, int, int, int]
) -> None:
    make_study_day(slug="angers", timezone=zone, starts_at=starts_at)

    calendar: Any = icalendar.Calendar.from_ical(client.get("/journees/angers.ics").data)
    (event,) = calendar.walk("VEVENT")

    assert event["DTSTART"].params["TZID"] == zone
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(*local)  # noqa: DTZ001 - the clock of the town
    assert event["DTSTART"].dt == starts_at
    assert [str(rules["TZID"]) for rules in calendar.walk("VTIMEZONE")] == [zone]


def test_a_day_without_hours_takes_the_whole_day(client: FlaskClient) -> None:
    make_study_day(slug="angers", starts_at=datetime(2009, 2, 24, 8, tzinfo=UTC), hours_known=False)

    (event,) = events(client, "/journees/angers.ics")

    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2009, 2, 24), date(2009, 2, 25))


def test_a_day_of_two_dates_lasts_over_both(client: FlaskClient) -> None:
    starts_at = datetime(2027, 2, 24, 8, tzinfo=UTC)
    make_study_day(slug="angers", starts_at=starts_at, ends_at=starts_at + timedelta(days=1, hours=8))

    (event,) = events(client, "/journees/angers.ics")

    assert event["DTEND"].dt == starts_at + timedelta(days=1, hours=8)


def test_the_calendar_has_what_is_coming_and_the_past_year(client: FlaskClient) -> None:
    make_study_day(title="À venir")
    make_study_day(title="Ce printemps", starts_at=NOW - timedelta(days=200))
    make_study_day(title="Il y a longtemps", starts_at=NOW - timedelta(days=400))
    make_study_day(title="Brouillon", status=StudyDayStatus.DRAFT)

    assert [event["SUMMARY"] for event in events(client)] == ["Ce printemps", "À venir"]
    assert [event["SUMMARY"] for event in events(client, "/journees/calendrier.ics?quand=a-venir")] == ["À venir"]


def test_the_calendar_takes_the_filters_of_the_list_and_names_them(client: FlaskClient) -> None:
    theme = make_theme("Finances")
    slug = theme.slug
    make_study_day(title="Une", theme=theme)
    make_study_day(title="Autre")

    answer = client.get(f"/journees/calendrier.ics?theme={slug}&ville=inconnue&page=abc")

    calendar: Any = icalendar.Calendar.from_ical(answer.data)
    assert [event["SUMMARY"] for event in calendar.walk("VEVENT")] == ["Une"]
    assert calendar["NAME"] == "Journées d’étude · Finances · La Lettre du cadre territorial"
    assert calendar["URL"] == f"http://localhost/journees/calendrier.ics?theme={slug}"


def test_a_calendar_in_english_names_its_filters_in_plain_text(client: FlaskClient) -> None:
    finance, water = make_theme("Finances", name_en="Finance"), make_theme("L’eau & l’air")

    names = [
        str(icalendar.Calendar.from_ical(client.get(f"/en/journees/calendrier.ics?theme={slug}").data)["NAME"])
        for slug in (finance.slug, water.slug)
    ]

    assert [name.split(" · ")[1] for name in names] == ["Finance", "L’eau & l’air"]


def test_the_calendar_changes_when_a_day_does_and_not_otherwise(client: FlaskClient) -> None:
    day = make_study_day()
    before = client.get("/journees/calendrier.ics").data
    assert client.get("/journees/calendrier.ics").data == before

    row = db.session.get_one(StudyDay, day.id)
    row.title, row.calendar_sequence = "Autre", 1
    db.session.commit()

    assert client.get("/journees/calendrier.ics").data != before


def test_the_feed_tells_what_changed_last(client: FlaskClient) -> None:
    old = make_study_day(
        slug="ancienne", title="Ancienne", updated_at=NOW - timedelta(days=2), city=make_city("Angers")
    )
    new = make_study_day(slug="nouvelle", title="Nouvelle", lead="Chapeau.", theme=make_theme("Finances"))
    keys = (new.id, old.id)
    make_study_day(title="Brouillon", status=StudyDayStatus.DRAFT)

    found = feed(client)

    entries = found.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [f"tag:localhost,2026:journee-{key}" for key in keys]
    assert found.findtext(f"{ATOM}updated") == NOW.isoformat()
    assert found.findtext(f"{ATOM}id") == "http://localhost/journees/flux.atom"
    title = entries[1].findtext(f"{ATOM}title") or ""
    assert title.replace("\u00a0", " ") == "Angers, 24 février 2027 : Ancienne"
    assert entries[0].find(f"{ATOM}link").attrib["href"] == "http://localhost/journees/nouvelle/"  # type: ignore[union-attr]
    assert entries[0].find(f"{ATOM}category").attrib["label"] == "Finances"  # type: ignore[union-attr]
    assert (entries[0].findtext(f"{ATOM}summary") or "").endswith("Chapeau.")


def test_the_feed_takes_the_filters_of_the_list(client: FlaskClient) -> None:
    theme = make_theme("Finances")
    slug = theme.slug
    make_study_day(title="Une", theme=theme)
    make_study_day(title="Autre")

    found = feed(client, f"/journees/flux.atom?theme={slug}")

    assert len(found.findall(f"{ATOM}entry")) == 1
    assert found.findtext(f"{ATOM}title") == "Journées d’étude · Finances"
    assert found.findtext(f"{ATOM}id") == f"http://localhost/journees/flux.atom?theme={slug}"


def test_an_empty_feed_is_a_feed(client: FlaskClient) -> None:
    assert feed(client).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"
    assert events(client) == []


def test_hostile_titles_break_neither_calendar_nor_feed(client: FlaskClient) -> None:
    make_study_day(title=HOSTILE, lead=HOSTILE, city=make_city(HOSTILE), theme=make_theme(HOSTILE))

    (entry,) = feed(client).findall(f"{ATOM}entry")
    (event,) = events(client)

    assert (entry.findtext(f"{ATOM}title") or "").endswith("]]></summary><script>alert(1)</script>&amp; ")
    assert event["SUMMARY"] == "]]></summary><script>alert(1)</script>&amp; "


def test_a_line_break_in_a_title_makes_no_new_line_of_the_calendar(client: FlaskClient) -> None:
    make_study_day(title="Titre\r\nATTENDEE:mailto:a@b.fr")

    answer = client.get("/journees/calendrier.ics").text

    assert "\r\nATTENDEE" not in answer


@pytest.mark.parametrize("days", [3, 30])
@pytest.mark.parametrize("path", ["/journees/calendrier.ics", "/journees/flux.atom"])
def test_the_number_of_queries_does_not_grow_with_the_days(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], path: str, days: int
) -> None:
    for _ in range(days):
        city = make_city()
        make_study_day(city=city, venue=make_venue(city), theme=make_theme())

    with count_queries as count:
        client.get(path)

    assert count() == 1

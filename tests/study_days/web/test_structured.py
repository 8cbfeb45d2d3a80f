"""What search engines read on the page of a day."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.study_days.statuses import StudyDayStatus
from tests.study_days.web.reading import PAST, get, structured
from tests.support.makers.magazine import make_article
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import (
    NOW,
    make_city,
    make_series,
    make_session,
    make_speaker,
    make_study_day,
    make_theme,
)

pytestmark = pytest.mark.usefixtures("frozen")


def test_the_structured_data_say_what_the_page_says(client: FlaskClient) -> None:
    city = make_city("Angers")
    venue = make_venue(city, name="Centre", address="1, rue Une", postcode="49000", latitude=47.4, longitude=-0.5)
    day = make_study_day(
        slug="angers", title="Titre", lead="Chapeau.", city=city, venue=venue, rates={"standard": 62150}
    )
    make_session(day, speakers=[make_speaker("Claude Laurent")])

    event = structured(get(client))

    assert event["name"] == "Titre"
    assert event["startDate"] == "2027-02-24T09:00:00+01:00"
    assert event["endDate"] == "2027-02-24T17:00:00+01:00"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["location"]["name"] == "Centre"
    assert event["location"]["address"]["postalCode"] == "49000"
    assert event["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 47.4, "longitude": -0.5}
    assert [(who["name"], who["jobTitle"], who["worksFor"]["name"]) for who in event["performer"]] == [
        ("Claude Laurent", "directrice générale des services", "Ville")
    ]
    (offer,) = event["offers"]
    assert (offer["price"], offer["priceCurrency"], offer["availability"]) == (
        "621.50",
        "EUR",
        "https://schema.org/InStock",
    )
    assert structured(get(client), "BreadcrumbList")["itemListElement"][-1]["name"] == "Titre"


@pytest.mark.parametrize(
    ("values", "status", "before", "availability"),
    [
        ({}, "EventScheduled", None, "InStock"),
        ({"seats_taken": 95}, "EventScheduled", None, "LimitedAvailability"),
        ({"seats_taken": 100}, "EventScheduled", None, "SoldOut"),
        ({"registration_opens_at": NOW + timedelta(days=1)}, "EventScheduled", None, "PreOrder"),
        ({"status": StudyDayStatus.CANCELLED}, "EventCancelled", None, None),
        ({"status": StudyDayStatus.POSTPONED}, "EventPostponed", "2027-02-24T09:00:00+01:00", None),
        (
            {"previous_starts_at": datetime(2027, 1, 5, 8, tzinfo=UTC)},
            "EventRescheduled",
            "2027-01-05T09:00:00+01:00",
            "InStock",
        ),
        (PAST, "EventScheduled", None, None),
    ],
)
def test_the_structured_data_tell_each_state(
    client: FlaskClient, values: dict[str, Any], status: str, before: str | None, availability: str | None
) -> None:
    make_study_day(slug="angers", **values)

    event = structured(get(client))

    assert event["eventStatus"] == f"https://schema.org/{status}"
    assert event.get("previousStartDate") == before
    offers = {offer["availability"] for offer in event.get("offers", [])}
    assert offers == ({f"https://schema.org/{availability}"} if availability else set())


def test_the_structured_data_have_no_hour_that_nobody_knows(client: FlaskClient) -> None:
    make_study_day(slug="angers", hours_known=False, **PAST)

    event = structured(get(client))

    assert (event["startDate"], event["endDate"]) == ("2009-02-24", "2009-02-24")


def test_the_structured_data_have_the_hour_of_the_town(client: FlaskClient) -> None:
    make_study_day(slug="angers", timezone="Indian/Reunion")
    make_study_day(slug="ete", starts_at=datetime(2027, 7, 1, 7, tzinfo=UTC))

    assert structured(get(client))["startDate"] == "2027-02-24T12:00:00+04:00"
    assert structured(get(client, "ete"))["startDate"] == "2027-07-01T09:00:00+02:00"


def test_reports_are_subjects_of_the_day(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", **PAST)
    make_article(slug="recit", title="Le récit", study_day=day)

    assert structured(get(client))["subjectOf"] == [
        {"@type": "NewsArticle", "headline": "Le récit", "url": "http://localhost/articles/recit/"}
    ]


HOSTILE = """</script><script>alert(1)</script>"'<img src=x onerror=alert(2)>{{7*7}}\u2028]]>"""


def test_hostile_texts_are_shown_and_break_nothing(client: FlaskClient) -> None:
    city = make_city("Angers")
    city.name = HOSTILE
    day = make_study_day(
        slug="angers",
        title=HOSTILE,
        lead=HOSTILE,
        description=HOSTILE,
        practical=HOSTILE,
        audience=HOSTILE,
        objectives=HOSTILE,
        cancellation_terms=HOSTILE,
        status_note=HOSTILE,
        included=HOSTILE,
        contact=HOSTILE,
        city=city,
        venue=make_venue(city, name=HOSTILE, address=HOSTILE, access_by_train=HOSTILE, accessibility=HOSTILE),
        series=make_series(HOSTILE),
        theme=make_theme(HOSTILE),
        status=StudyDayStatus.CANCELLED,
    )
    speaker = make_speaker("Claude Laurent")
    speaker.last_name = HOSTILE[:80]
    make_session(day, title=HOSTILE, summary=HOSTILE, room=HOSTILE, speakers=[speaker], position=1)
    db.session.commit()

    for page in (get(client), client.get("/journees/angers/seances/1/").text, client.get("/journees/").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in re.findall(r"\{\{.*?\}\}", page)
        # Everything between the marks of a data block is JSON.
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL):
            json.loads(text)
    assert structured(get(client))["name"] == HOSTILE

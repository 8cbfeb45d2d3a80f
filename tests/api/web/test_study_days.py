"""Days as programs read them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.magazine.statuses import Access, ArticleStatus
from eventsapp.places.models import Venue
from eventsapp.search import service as search
from eventsapp.study_days.models import Rate, Series, StudyDay, Theme
from eventsapp.study_days.statuses import SessionKind, StudyDayStatus
from tests.api.web.counting import queries_with
from tests.support.makers.magazine import CANARY, make_article
from tests.support.makers.study_days import NOW, make_city, make_session, make_speaker, make_study_day, tax_day

DAYS = "/api/v1/study-days"
PAST = datetime(2026, 2, 24, 8, tzinfo=UTC)


def _slugs(client: FlaskClient, **parameters: Any) -> list[str]:
    answer = client.get(DAYS, query_string=parameters)
    assert answer.status_code == 200, answer.text
    return [day["slug"] for day in answer.get_json()["items"]]


def _change_rate(day: StudyDay, code: str, **values: Any) -> None:
    db.session.execute(sa.update(Rate).where(Rate.study_day_id == day.id, Rate.code == code).values(**values))
    db.session.commit()


def test_the_coming_days_are_listed_by_date(client: FlaskClient) -> None:
    late = make_study_day(starts_at=datetime(2027, 5, 4, 8, tzinfo=UTC))
    soon = make_study_day(starts_at=datetime(2027, 1, 12, 8, tzinfo=UTC))
    make_study_day(starts_at=PAST)
    make_study_day(status=StudyDayStatus.DRAFT)

    answer = client.get(DAYS)

    assert [day["slug"] for day in answer.get_json()["items"]] == [soon.slug, late.slug]
    assert {name: value for name, value in answer.get_json().items() if name != "items"} == {
        "page": 1,
        "pages": 1,
        "total": 2,
    }


def test_a_list_tells_of_each_day_what_one_decides_by(client: FlaskClient) -> None:
    theme = Theme(slug="finances", name="Finances")
    series = Series(slug="mutualiser", title="Mutualiser")
    city = make_city("Angers")
    venue = Venue(slug="palais", name="Palais", address="1, place", postcode="49000", city_id=city.id, step_free=True)
    day = make_study_day(city=city, venue=venue, theme=theme, series=series, capacity=30, seats_taken=10)

    (shown,) = client.get(DAYS).get_json()["items"]

    assert shown == {
        "slug": day.slug,
        "title": day.title,
        "lead": "Ce que l’on met en commun, et ce qu’il en coûte.",
        "url": f"http://localhost/journees/{day.slug}/",
        "date": "2027-02-24",
        "last_date": "2027-02-24",
        "starts_at": "2027-02-24T09:00:00+01:00",
        "ends_at": "2027-02-24T17:00:00+01:00",
        "timezone": "Europe/Paris",
        "city": {"slug": city.slug, "name": "Angers"},
        "venue": {
            "name": "Palais",
            "address": "1, place",
            "postcode": "49000",
            "step_free": True,
            "hearing_loop": False,
        },
        "theme": {"slug": "finances", "name": "Finances"},
        "series": {"slug": "mutualiser", "title": "Mutualiser"},
        "status": "published",
        "availability": "open",
        "capacity": 30,
        "seats_left": 20,
        "registration_opens_at": None,
        "registration_closes_at": "2027-02-22T09:00:00+01:00",
        "price_from_cents": 39000,
        "is_fictional": False,
    }


def test_a_day_of_which_only_the_date_is_known_has_no_hours(client: FlaskClient) -> None:
    make_study_day(hours_known=False)

    (shown,) = client.get(DAYS).get_json()["items"]

    assert (shown["date"], shown["starts_at"], shown["ends_at"]) == ("2027-02-24", None, None)


def test_days_are_narrowed_by_when_town_theme_and_series(client: FlaskClient) -> None:
    angers, theme, series = make_city("Angers"), Theme(slug="droit", name="Droit"), Series(slug="s", title="S")
    coming = make_study_day(city=angers, theme=theme)
    older = make_study_day(starts_at=PAST - timedelta(days=30), series=series)
    past = make_study_day(starts_at=PAST)

    assert _slugs(client, when="upcoming") == [coming.slug]
    assert _slugs(client, when="past") == [past.slug, older.slug]
    assert _slugs(client, when="all") == [older.slug, past.slug, coming.slug]
    assert _slugs(client, when="all", city=angers.slug) == [coming.slug]
    assert _slugs(client, when="all", theme="droit") == [coming.slug]
    assert _slugs(client, when="all", series="s") == [older.slug]
    assert _slugs(client, when="all", city="nulle-part") == []


def test_days_are_searched_without_accents(client: FlaskClient) -> None:
    found = make_study_day(title="La trésorerie des communes")
    make_study_day(title="L’achat public")
    search.rebuild()

    assert _slugs(client, q="TRESORERIES") == [found.slug]
    assert _slugs(client, q="rien-de-tel") == []


def test_a_list_comes_in_pages_and_ends(client: FlaskClient) -> None:
    for month in (1, 2, 3):
        make_study_day(slug=f"jour-{month}", starts_at=datetime(2027, month, 12, 8, tzinfo=UTC))

    pages = [client.get(DAYS, query_string={"per_page": 2, "page": page}).get_json() for page in (1, 2, 3)]

    assert [[day["slug"] for day in page["items"]] for page in pages] == [["jour-1", "jour-2"], ["jour-3"], []]
    assert [(page["page"], page["pages"], page["total"]) for page in pages] == [(1, 2, 3), (2, 2, 3), (3, 2, 3)]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("when", "yesterday"),
        ("city", "Angers !"),
        ("city", "a" * 121),
        ("theme", "x\x00y"),
        ("series", "-"),
        ("q", "a" * 101),
        ("q", "\x1b[31m"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "1.5"),
        ("page", "１"),
        ("page", "9" * 30),
        ("page", ""),
        ("per_page", "101"),
        ("per_page", "0"),
        ("per_page", "x"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused_by_name(client: FlaskClient, parameter: str, value: str) -> None:
    answer = client.get(DAYS, query_string={parameter: value})

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.get_json()["type"] == "/problems/invalid"
    assert list(answer.get_json()["errors"]) == [f"/query/{parameter}"]


def test_parameters_that_nobody_knows_are_nobodys_business(client: FlaskClient) -> None:
    day = make_study_day()

    assert _slugs(client, utm_source="lettre") == [day.slug]


@pytest.mark.parametrize("when", ["upcoming", "past", "all"])
def test_a_list_asks_the_same_number_of_queries(client: FlaskClient, when: str) -> None:
    def make_days(number: int) -> None:
        for _each in range(number):
            make_session(make_study_day(), speakers=[make_speaker()])
            make_session(make_study_day(starts_at=PAST), speakers=[make_speaker()])

    few, many = queries_with(client, f"{DAYS}?per_page=100&when={when}", make_days)

    assert few == many <= 4


def test_a_day_shows_its_programme_with_speakers_and_reports(client: FlaskClient) -> None:
    day, speaker = make_study_day(starts_at=PAST), make_speaker("Camille Dupont")
    talk = make_session(day, position=1, title="Cinq ans après", speakers=[speaker], starts_at=PAST)
    make_session(day, position=2, title="Déjeuner", kind=SessionKind.BREAK)
    report = make_article(
        slug="angers", title="Angers", study_day_id=day.id, sessions=[talk], access=Access.SUBSCRIBERS
    )
    make_article(slug="brouillon", study_day_id=day.id, sessions=[talk], status=ArticleStatus.DRAFT)

    answer = client.get(f"{DAYS}/{day.slug}")

    first, second = answer.get_json()["sessions"]
    assert first == {
        "position": 1,
        "kind": "talk",
        "title": "Cinq ans après",
        "summary": "",
        "starts_at": "2026-02-24T09:00:00+01:00",
        "ends_at": None,
        "room": "",
        "url": f"http://localhost/journees/{day.slug}/seances/1/",
        "speakers": [
            {
                "slug": speaker.slug,
                "name": "Camille Dupont",
                "role": "directrice générale des services",
                "organisation": "Ville",
                "chairs": False,
                "url": f"http://localhost/intervenants/{speaker.slug}/",
            }
        ],
        "reports": [
            {
                "slug": report.slug,
                "title": "Angers",
                "access": "subscribers",
                "url": "http://localhost/articles/angers/",
            }
        ],
    }
    assert (second["url"], second["speakers"], second["reports"]) == (None, [], [])
    assert "brouillon" not in answer.text
    assert CANARY not in answer.text


def test_a_day_shows_its_rates_in_cents_and_percent(client: FlaskClient) -> None:
    day = make_study_day(rates={"standard": 62100, "early-bird": 50000, "press": 12900})
    _change_rate(day, "early-bird", available_until=NOW - timedelta(seconds=1))
    tax_day(day, 210, codes=["press"])

    rates = client.get(f"{DAYS}/{day.slug}").get_json()["rates"]

    assert [(rate["code"], rate["price_cents"], rate["vat_rate"], rate["available"]) for rate in rates] == [
        ("standard", 62100, 20.0, True),
        ("early-bird", 50000, 20.0, False),
        ("press", 12900, 2.1, True),
    ]
    assert rates[1]["available_until"] == "2026-11-23T09:59:59+01:00"
    assert rates[0] == {
        "code": "standard",
        "name": "Non-abonné",
        "condition": "",
        "price_cents": 62100,
        "vat_rate": 20.0,
        "vat_parts": [{"label": "", "vat_rate": 20.0, "exemption_code": "", "amount_cents": 62100}],
        "available": True,
        "available_until": None,
        "for_subscribers": False,
    }


@pytest.mark.parametrize(
    ("values", "availability", "available"),
    [
        ({}, "open", True),
        ({"capacity": 10, "seats_taken": 9}, "few-seats", True),
        ({"capacity": 10, "seats_taken": 10}, "full", False),
        ({"registration_opens_at": NOW + timedelta(days=1)}, "opens-later", False),
        ({"registration_closes_at": NOW}, "closed", False),
        ({"status": StudyDayStatus.POSTPONED}, "postponed", False),
        ({"status": StudyDayStatus.CANCELLED}, "cancelled", False),
        ({"starts_at": PAST}, "past", False),
    ],
)
def test_a_rate_is_available_while_an_order_would_be_taken(
    client: FlaskClient, values: dict[str, Any], availability: str, available: bool
) -> None:
    day = make_study_day(**values)

    shown = client.get(f"{DAYS}/{day.slug}").get_json()

    assert shown["availability"] == availability
    assert {rate["available"] for rate in shown["rates"]} == {available}


def test_a_day_asks_the_same_number_of_queries(client: FlaskClient) -> None:
    day = make_study_day()

    def make_sessions(number: int) -> None:
        for _each in range(number):
            talk = make_session(day, speakers=[make_speaker(), make_speaker()])
            make_article(study_day_id=day.id, sessions=[talk])

    few, many = queries_with(client, f"{DAYS}/{day.slug}", make_sessions)

    assert few == many <= 5


def test_a_draft_is_no_day_yet(client: FlaskClient) -> None:
    day = make_study_day(status=StudyDayStatus.DRAFT)

    answer = client.get(f"{DAYS}/{day.slug}")

    assert (answer.status_code, answer.get_json()["type"]) == (404, "/problems/not-found")


def test_a_former_address_leads_to_the_present_one(client: FlaskClient) -> None:
    day = make_study_day(slug="angers-2027")
    slugs.remember("study_day", "angers", object_id=day.id)
    db.session.commit()

    answer = client.get(f"{DAYS}/angers")

    assert (answer.status_code, answer.location) == (301, "/api/v1/study-days/angers-2027")


def test_in_english_the_addresses_lead_to_the_english_pages(client: FlaskClient) -> None:
    day = make_study_day()

    shown = client.get(f"/en{DAYS}/{day.slug}").get_json()

    assert shown["url"] == f"http://localhost/en/journees/{day.slug}/"

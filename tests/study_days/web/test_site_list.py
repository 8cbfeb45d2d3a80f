"""The list of days."""

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.search import service as search
from eventsapp.study_days.statuses import StudyDayStatus
from tests.study_days.web.reading import PAST, get_list, titles
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
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")


def test_coming_days_are_listed_by_date_and_drafts_are_not(client: FlaskClient) -> None:
    make_study_day(title="Mars", starts_at=datetime(2027, 3, 4, 8, tzinfo=UTC))
    make_study_day(title="Janvier", starts_at=datetime(2027, 1, 14, 8, tzinfo=UTC))
    make_study_day(title="Brouillon", status=StudyDayStatus.DRAFT)
    make_study_day(title="Angers", **PAST)

    page = get_list(client)

    assert titles(page) == ["Janvier", "Mars"]
    assert "Janvier 2027" in page
    assert "Brouillon" not in page


def test_past_days_are_listed_the_latest_first_by_year(client: FlaskClient) -> None:
    make_study_day(title="Vieille", starts_at=datetime(2008, 5, 6, 8, tzinfo=UTC))
    make_study_day(title="Angers", **PAST)
    make_study_day(title="À venir")

    page = get_list(client, "/journees/?quand=passees")

    assert titles(page) == ["Angers", "Vieille"]
    assert re.findall(r'<h2 id="le-[^"]*">(.*?)</h2>', page) == ["2009", "2008"]


def test_a_day_is_past_when_it_has_ended_and_not_before(client: FlaskClient) -> None:
    make_study_day(title="En cours", starts_at=NOW - timedelta(hours=7, minutes=59))
    make_study_day(title="Finie", starts_at=NOW - timedelta(hours=8))

    assert titles(get_list(client)) == ["En cours"]
    assert titles(get_list(client, "/journees/?quand=passees")) == ["Finie"]


def test_cancelled_and_postponed_days_stay_in_the_list_and_say_so(client: FlaskClient) -> None:
    make_study_day(title="Annulée", status=StudyDayStatus.CANCELLED)
    make_study_day(title="Reportée", status=StudyDayStatus.POSTPONED)

    page = get_list(client)

    assert re.findall(r'<p class="state"><strong[^>]*>(.*?)</strong>', page) == ["Annulée", "Reportée"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Ouverte"),
        ({"seats_taken": 93}, "7 dernières places"),
        ({"seats_taken": 99}, "Dernière place"),
        ({"seats_taken": 100}, "Complète"),
        ({"registration_opens_at": datetime(2027, 1, 5, 8, tzinfo=UTC)}, "Ouvre le 5\u00a0janv. 2027"),
        ({"registration_closes_at": NOW}, "Inscriptions closes"),
    ],
)
def test_each_row_says_what_can_be_done(client: FlaskClient, values: dict[str, Any], said: str) -> None:
    make_study_day(**values)

    assert re.findall(r'<p class="state"><strong[^>]*>(.*?)</strong>', get_list(client)) == [said]


def test_a_row_says_where_who_and_from_how_much(client: FlaskClient) -> None:
    city = make_city("Nantes")
    day = make_study_day(city=city, venue=make_venue(city, name="Cité des congrès"), series=make_series("La série"))
    people = [make_speaker(f"Personne Numéro{number}") for number in range(6)]
    make_session(day, speakers=people[:3])
    make_session(day, speakers=people[2:])

    page = get_list(client)

    assert "<strong>Nantes</strong> · Cité des congrès" in page
    assert '<p class="series">La série</p>' in page
    assert "Personne Numéro0, Personne Numéro1, Personne Numéro2 et 3 autres" in page
    assert '<span class="money">390,00\u00a0€</span>' in page


def test_a_past_day_says_how_many_articles_are_about_it(client: FlaskClient) -> None:
    day = make_study_day(**PAST)
    make_article(study_day=day)
    make_article(study_day=day)
    search.rebuild()

    assert "2 articles" in get_list(client, "/journees/?quand=passees")


def test_a_title_is_text_and_never_markup(client: FlaskClient) -> None:
    make_study_day(title='<img src=x onerror="alert(1)">', city=make_city("</script><b>Ville"))

    page = get_list(client)

    assert "<img src=x" not in page
    assert "<b>Ville" not in page
    assert titles(page) == ["<img src=x onerror=\u00a0»alert(1)\u00a0»>"]


def test_a_day_overseas_belongs_to_its_own_date(client: FlaskClient) -> None:
    # Four in the morning of the first of March in La Réunion is still February in Paris.
    make_study_day(title="Outre-mer", timezone="Indian/Reunion", starts_at=datetime(2027, 2, 28, 21, tzinfo=UTC))

    page = get_list(client, "/journees/?du=2027-03-01")

    assert titles(page) == ["Outre-mer"]
    assert "Mars 2027" in page


def test_a_day_of_two_dates_belongs_to_every_period_it_touches(client: FlaskClient) -> None:
    starts_at = datetime(2027, 3, 31, 8, tzinfo=UTC)
    make_study_day(title="Deux jours", starts_at=starts_at, ends_at=starts_at + timedelta(days=1, hours=8))

    assert titles(get_list(client, "/journees/?du=2027-04-01&au=2027-04-30")) == ["Deux jours"]
    assert titles(get_list(client, "/journees/?du=2027-03-01&au=2027-03-31")) == ["Deux jours"]
    assert titles(get_list(client, "/journees/?du=2027-04-02")) == []


def test_the_29th_of_february_is_a_day_like_another(client: FlaskClient) -> None:
    make_study_day(title="Bissextile", starts_at=datetime(2028, 2, 29, 8, tzinfo=UTC))

    assert titles(get_list(client, "/journees/?du=2028-02-29&au=2028-02-29")) == ["Bissextile"]
    page = get_list(client, "/journees/?vue=mois&mois=2028-02")
    assert re.findall(r'<td class="busy">\s*<time class="day-number" datetime="([^"]*)"', page) == ["2028-02-29"]


def test_moving_a_day_moves_its_dates(client: FlaskClient) -> None:
    day = make_study_day(title="Déplacée")

    day.starts_at += timedelta(days=60)
    day.ends_at += timedelta(days=60)
    db.session.commit()

    assert titles(get_list(client, "/journees/?du=2027-04-25&au=2027-04-25")) == ["Déplacée"]


def test_the_list_is_the_same_for_every_anonymous_visitor(client: FlaskClient) -> None:
    answer = client.get("/journees/")

    assert answer.headers["X-Page-Cache"] == "days,magazine,site"
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


def test_each_language_names_the_other(client: FlaskClient) -> None:
    french = get_list(client, "/journees/?quand=passees")
    english = get_list(client, "/en/journees/?quand=passees")

    assert '<html lang="fr">' in french
    assert '<link rel="canonical" href="http://localhost/journees/" />' in french
    assert '<link rel="alternate" hreflang="en" href="http://localhost/en/journees/?quand=passees" />' in french
    assert '<html lang="en">' in english
    assert '<link rel="alternate" hreflang="fr" href="http://localhost/journees/?quand=passees" />' in english
    assert 'href="/en/journees/calendrier.ics?quand=passees"' in english


@pytest.mark.parametrize("days", [3, 30])
@pytest.mark.parametrize(
    ("query", "queries"), [("", 5), ("?quand=passees", 5), ("?ville={city}&q=mutualiser&places=1", 6), ("?vue=mois", 3)]
)
def test_the_number_of_queries_does_not_grow_with_the_days(
    client: FlaskClient,
    count_queries: AbstractContextManager[QueryCount],
    query: str,
    queries: int,
    days: int,
) -> None:
    city = make_city()
    query = query.format(city=city.slug)
    for number in range(days):
        start = {} if number % 2 else PAST
        day = make_study_day(city=city, series=make_series(), theme=make_theme(), venue=make_venue(city), **start)
        make_session(day, speakers=[make_speaker(), make_speaker()])
    search.rebuild()
    db.session.commit()
    db.session.expunge_all()

    with count_queries as count:
        get_list(client, f"/journees/{query}")

    assert count() == queries

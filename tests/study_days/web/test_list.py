"""The list of days and the month."""

import html
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsapp.core.db import db
from eventsapp.search import service as search
from eventsapp.study_days.statuses import StudyDayStatus
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

PAST: dict[str, Any] = {"starts_at": datetime(2009, 2, 24, 8, tzinfo=UTC)}


def titles(page: str) -> list[str]:
    """Return the titles of the listed days, in order."""
    found = re.findall(r'<article class="day-row.*?<h3><a [^>]*>(.*?)</a>', page, re.DOTALL)
    return [html.unescape(title) for title in found]


def get(client: FlaskClient, address: str = "/journees/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


# What is listed


def test_coming_days_are_listed_by_date_and_drafts_are_not(client: FlaskClient) -> None:
    make_study_day(title="Mars", starts_at=datetime(2027, 3, 4, 8, tzinfo=UTC))
    make_study_day(title="Janvier", starts_at=datetime(2027, 1, 14, 8, tzinfo=UTC))
    make_study_day(title="Brouillon", status=StudyDayStatus.DRAFT)
    make_study_day(title="Angers", **PAST)

    page = get(client)

    assert titles(page) == ["Janvier", "Mars"]
    assert "Janvier 2027" in page
    assert "Brouillon" not in page


def test_past_days_are_listed_the_latest_first_by_year(client: FlaskClient) -> None:
    make_study_day(title="Vieille", starts_at=datetime(2008, 5, 6, 8, tzinfo=UTC))
    make_study_day(title="Angers", **PAST)
    make_study_day(title="À venir")

    page = get(client, "/journees/?quand=passees")

    assert titles(page) == ["Angers", "Vieille"]
    assert re.findall(r'<h2 id="le-[^"]*">(.*?)</h2>', page) == ["2009", "2008"]


def test_a_day_is_past_when_it_has_ended_and_not_before(client: FlaskClient) -> None:
    make_study_day(title="En cours", starts_at=NOW - timedelta(hours=7, minutes=59))
    make_study_day(title="Finie", starts_at=NOW - timedelta(hours=8))

    assert titles(get(client)) == ["En cours"]
    assert titles(get(client, "/journees/?quand=passees")) == ["Finie"]


def test_cancelled_and_postponed_days_stay_in_the_list_and_say_so(client: FlaskClient) -> None:
    make_study_day(title="Annulée", status=StudyDayStatus.CANCELLED)
    make_study_day(title="Reportée", status=StudyDayStatus.POSTPONED)

    page = get(client)

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

    assert re.findall(r'<p class="state"><strong[^>]*>(.*?)</strong>', get(client)) == [said]


def test_a_row_says_where_who_and_from_how_much(client: FlaskClient) -> None:
    city = make_city("Nantes")
    day = make_study_day(city=city, venue=make_venue(city, name="Cité des congrès"), series=make_series("La série"))
    people = [make_speaker(f"Personne Numéro{number}") for number in range(6)]
    make_session(day, speakers=people[:3])
    make_session(day, speakers=people[2:])

    page = get(client)

    assert "<strong>Nantes</strong> · Cité des congrès" in page
    assert '<p class="series">La série</p>' in page
    assert "Personne Numéro0, Personne Numéro1, Personne Numéro2 et 3 autres" in page
    assert '<span class="money">390,00\u00a0€</span>' in page


def test_a_past_day_says_how_many_articles_are_about_it(client: FlaskClient) -> None:
    day = make_study_day(**PAST)
    make_article(study_day=day)
    make_article(study_day=day)
    search.rebuild()

    assert "2 articles" in get(client, "/journees/?quand=passees")


def test_a_title_is_text_and_never_markup(client: FlaskClient) -> None:
    make_study_day(title='<img src=x onerror="alert(1)">', city=make_city("</script><b>Ville"))

    page = get(client)

    assert "<img src=x" not in page
    assert "<b>Ville" not in page
    assert titles(page) == ['<img src=x onerror="alert(1)">']


# Filters


@dataclass(frozen=True)
class Kind:
    """What a day can be found by."""

    city: str
    theme: str
    series: str
    city_id: int
    theme_id: int


def days_of_two_kinds() -> tuple[Kind, Kind]:
    """Make « Une » in Nantes in January, full, and « Autre » in Dijon in March."""
    kinds = []
    for title, town, theme_name, series_title, month, taken in (
        ("Une", "Nantes", "Finances", "Budget", 1, 100),
        ("Autre", "Dijon", "Droit", "Statut", 3, 0),
    ):
        city, theme, series = make_city(town), make_theme(theme_name), make_series(series_title)
        kinds.append(Kind(city.slug, theme.slug, series.slug, city.id, theme.id))
        make_study_day(
            title=title,
            city_id=city.id,
            theme_id=theme.id,
            series_id=series.id,
            starts_at=datetime(2027, month, {1: 14, 3: 4}[month], 8, tzinfo=UTC),
            seats_taken=taken,
        )
    search.rebuild()
    return kinds[0], kinds[1]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("ville={one.city}", ["Une"]),
        ("theme={other.theme}", ["Autre"]),
        ("serie={one.series}", ["Une"]),
        ("du=2027-01-15", ["Autre"]),
        ("au=2027-01-14", ["Une"]),
        ("du=2027-01-14&au=2027-03-04", ["Une", "Autre"]),
        ("q=nantes", ["Une"]),
        ("q=NÂNTE", ["Une"]),
        ("q=finance", ["Une"]),
        ("places=1", ["Autre"]),
        ("ville={one.city}&theme={one.theme}&du=2027-01-01", ["Une"]),
        ("ville={one.city}&theme={other.theme}", []),
        ("ville={one.city}&q=dijon", []),
        ("quand=a-venir", ["Une", "Autre"]),
        ("quand=passees", []),
        ("utm_source=lettre&ville=", ["Une", "Autre"]),
    ],
)
def test_filters_narrow_and_combine(client: FlaskClient, query: str, left: list[str]) -> None:
    one, other = days_of_two_kinds()

    page = get(client, "/journees/?" + query.format(one=one, other=other))

    assert titles(page) == left
    assert "est ignoré" not in page


@pytest.mark.parametrize(
    "query",
    [
        "quand=demain",
        "quand=toutes",
        "ville=atlantide",
        "ville=../../etc",
        "ville=Nantes!",
        "theme=a%00b",
        "serie=" + "x" * 500,
        "du=hier",
        "du=2027-02-30",
        "du=20270101",
        "au=2027-1-1",
        "au=9999999-01-01",
        "du=2027-03-01&au=2027-02-01",
        "page=0",
        "page=-1",
        "page=abc",
        "page=99999999999",
        "page=1.5",
        "page=２",
        "page=40",
        "places=oui",
        "vue=carte",
        "vue=mois&mois=2027-13",
        "vue=mois&mois=0001-01",
        "vue=mois&mois=9999-12",
        "q=%3F%3F%3F",
        "q=" + "mot+" * 100,
    ],
)
def test_a_bad_value_is_left_out_with_a_word_on_it(client: FlaskClient, query: str) -> None:
    make_study_day(title="Une")

    page = get(client, f"/journees/?{query}")

    assert '<div class="notice info" role="status">' in page
    assert titles(page) == ["Une"] or "vue=mois" in query or "q=mot" in query


@pytest.mark.usefixtures("client")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["quand", "ville", "theme", "serie", "du", "au", "q", "page", "places", "vue", "mois", "x"]),
        st.one_of(st.text(max_size=60), st.dates().map(str), st.integers().map(str), st.sampled_from(["mois", "1"])),
    )
)
def test_no_address_breaks_the_list(client: FlaskClient, parameters: dict[str, str]) -> None:
    usable = {name: value.encode("utf-8", "replace") for name, value in parameters.items()}

    for path in ("/journees/", "/journees/calendrier.ics", "/journees/flux.atom"):
        assert client.get(path, query_string=usable).status_code == 200


def test_a_filter_in_force_can_be_taken_away_and_the_others_stay(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()

    page = get(client, f"/journees/?ville={one.city}&theme={one.theme}")

    chips = dict(re.findall(r'<a class="chip on" href="([^"]*)">.*?</span>(.*?)<svg', page, re.DOTALL))
    assert {text.strip(): address for address, text in chips.items()} == {
        "Finances": f"/journees/?ville={one.city}",
        "Nantes": f"/journees/?theme={one.theme}",
    }


def test_a_period_is_said_by_its_month_or_year(client: FlaskClient) -> None:
    make_study_day()

    def said(query: str) -> list[str]:
        chips = re.findall(r'<a class="chip on".*?</span>(.*?)<svg', get(client, f"/journees/?{query}"), re.DOTALL)
        return [chip.strip() for chip in chips]

    assert said("du=2027-02-01&au=2027-02-28") == ["Février 2027"]
    assert said("du=2027-01-01&au=2027-12-31") == ["2027"]
    assert said("du=2027-02-03") == ["À partir du 3\u00a0février 2027"]
    assert said("au=2027-03-01") == ["Jusqu’au 1er\u00a0mars 2027"]
    assert said("du=2027-02-03&au=2027-03-01") == ["Du 3\u00a0février 2027 au 1er\u00a0mars 2027"]


def test_counts_stand_on_the_tabs_and_the_choices(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()
    make_study_day(title="Passée", city_id=one.city_id, **PAST)

    page = get(client, f"/journees/?ville={one.city}")

    assert re.findall(r'À venir <span class="count">(\d+)</span>', page) == ["1"]
    assert re.findall(r'Passées <span class="count">(\d+)</span>', page) == ["1"]
    # A choice is counted under the other filters: no day in Nantes is about the law.
    assert re.findall(r'theme=[^"]*">(\w+) <span class="count">(\d+)</span>', page) == [("Finances", "1")]


def test_nothing_found_offers_a_way_on(client: FlaskClient) -> None:
    one, other = days_of_two_kinds()
    make_study_day(title="Passée", city_id=one.city_id, theme_id=other.theme_id, **PAST)

    page = get(client, f"/journees/?ville={one.city}&theme={other.theme}")

    assert "Aucune journée ne correspond" in page
    assert f'href="/journees/?quand=passees&amp;ville={one.city}&amp;theme={other.theme}"' in page
    assert "Sans « Nantes »" in page
    assert '<meta name="robots" content="noindex, follow" />' in page


def test_an_empty_installation_says_what_will_be_here(client: FlaskClient) -> None:
    assert "Aucune journée n’est annoncée" in get(client)
    assert "Aucune journée passée" in get(client, "/journees/?quand=passees")


def test_pages_keep_the_filters(client: FlaskClient) -> None:
    city = make_city("Nantes")
    town = city.slug
    for number in range(23):
        make_study_day(title=f"Jour {number:02}", city=city, starts_at=datetime(2027, 1, number + 1, 8, tzinfo=UTC))

    first = get(client, f"/journees/?ville={town}")
    second = get(client, f"/journees/?ville={town}&page=2")

    assert f'href="/journees/?ville={town}&amp;page=2" rel="next"' in first
    assert f'href="/journees/?ville={town}" rel="prev"' in second
    assert titles(second) == ["Jour 20", "Jour 21", "Jour 22"]
    # The month goes on over two pages and is counted whole on each.
    assert "23 journées" in first
    assert "23 journées" in second


def test_feeds_of_the_list_have_its_filters(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()

    page = get(client, f"/journees/?ville={one.city}")

    assert f'href="/journees/calendrier.ics?ville={one.city}"' in page
    assert f'href="/journees/flux.atom?ville={one.city}"' in page


def test_the_chart_and_the_map_have_the_days_of_the_list(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()

    page = get(client)

    assert re.findall(
        r'<a href="([^"]*)"[^>]*>\s*<rect class="bar".*?<text class="value"[^>]*>(\d+)<', page, re.DOTALL
    ) == [
        ("/journees/?du=2027-01-01&amp;au=2027-01-31", "1"),
        ("/journees/?du=2027-02-01&amp;au=2027-02-28", "0"),
        ("/journees/?du=2027-03-01&amp;au=2027-03-31", "1"),
    ]
    assert f'href="/journees/?ville={one.city}"' in page
    assert "14\u00a0janv. Nantes" in page
    assert "4\u00a0mars Dijon" in page


def test_a_town_overseas_is_listed_though_the_map_has_no_place_for_it(client: FlaskClient) -> None:
    city = make_city("Saint-Denis", latitude=-20.88, longitude=55.45)
    make_study_day(title="Outre-mer", city=city)

    page = get(client)

    assert titles(page) == ["Outre-mer"]
    assert 'class="map' not in page


# Dates


def test_a_day_overseas_belongs_to_its_own_date(client: FlaskClient) -> None:
    # Four in the morning of the first of March in La Réunion is still February in Paris.
    make_study_day(title="Outre-mer", timezone="Indian/Reunion", starts_at=datetime(2027, 2, 28, 21, tzinfo=UTC))

    page = get(client, "/journees/?du=2027-03-01")

    assert titles(page) == ["Outre-mer"]
    assert "Mars 2027" in page


def test_a_day_of_two_dates_belongs_to_every_period_it_touches(client: FlaskClient) -> None:
    starts_at = datetime(2027, 3, 31, 8, tzinfo=UTC)
    make_study_day(title="Deux jours", starts_at=starts_at, ends_at=starts_at + timedelta(days=1, hours=8))

    assert titles(get(client, "/journees/?du=2027-04-01&au=2027-04-30")) == ["Deux jours"]
    assert titles(get(client, "/journees/?du=2027-03-01&au=2027-03-31")) == ["Deux jours"]
    assert titles(get(client, "/journees/?du=2027-04-02")) == []


def test_the_29th_of_february_is_a_day_like_another(client: FlaskClient) -> None:
    make_study_day(title="Bissextile", starts_at=datetime(2028, 2, 29, 8, tzinfo=UTC))

    assert titles(get(client, "/journees/?du=2028-02-29&au=2028-02-29")) == ["Bissextile"]
    page = get(client, "/journees/?vue=mois&mois=2028-02")
    assert re.findall(r'<td class="busy">\s*<time class="day-number" datetime="([^"]*)"', page) == ["2028-02-29"]


def test_moving_a_day_moves_its_dates(client: FlaskClient) -> None:
    day = make_study_day(title="Déplacée")

    day.starts_at += timedelta(days=60)
    day.ends_at += timedelta(days=60)
    db.session.commit()

    assert titles(get(client, "/journees/?du=2027-04-25&au=2027-04-25")) == ["Déplacée"]


# The month


def test_a_month_shows_each_date_of_a_day_and_what_one_can_do(client: FlaskClient) -> None:
    starts_at = datetime(2027, 2, 25, 8, tzinfo=UTC)
    make_study_day(title="Deux jours", starts_at=starts_at, ends_at=starts_at + timedelta(days=1, hours=8))

    page = get(client, "/journees/?vue=mois&mois=2027-02")

    busy = re.findall(r'<td class="busy">\s*<time class="day-number" datetime="([^"]*)"', page)
    assert busy == ["2027-02-25", "2027-02-26"]
    assert page.count(">Deux jours</a>") == 2
    assert '<span class="good">Ouverte</span>' in page


def test_a_month_has_its_weekend_only_when_something_happens_then(client: FlaskClient) -> None:
    make_study_day(starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC))
    make_study_day(starts_at=datetime(2027, 5, 8, 8, tzinfo=UTC))

    assert get(client, "/journees/?vue=mois&mois=2027-02").count('<th scope="col">') == 5
    assert get(client, "/journees/?vue=mois&mois=2027-05").count('<th scope="col">') == 7


def test_without_a_month_the_next_one_with_days_is_shown(client: FlaskClient) -> None:
    make_study_day()

    page = get(client, "/journees/?vue=mois")

    assert '<h2 id="month">Février 2027</h2>' in page
    assert 'href="/journees/?vue=mois&amp;mois=2027-01" rel="prev"' in page
    assert 'href="/journees/?vue=mois&amp;mois=2027-03" rel="next"' in page


def test_an_empty_month_leads_to_the_nearest_with_days(client: FlaskClient) -> None:
    make_study_day()

    page = get(client, "/journees/?vue=mois&mois=2026-12")

    assert "La plus proche est en février 2027." in page
    assert '<meta name="robots" content="noindex, follow" />' in page


def test_the_months_end_somewhere(client: FlaskClient) -> None:
    assert 'rel="prev"' not in get(client, "/journees/?vue=mois&mois=1900-01")
    assert 'rel="next"' not in get(client, "/journees/?vue=mois&mois=2199-12")


def test_a_month_keeps_the_other_filters(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()

    page = get(client, f"/journees/?vue=mois&mois=2027-03&ville={one.city}")

    assert "busy" not in page
    assert f'<input type="hidden" name="ville" value="{one.city}" />' in page
    assert '<input type="hidden" name="vue" value="mois" />' in page


# For everyone, and fast


def test_the_list_is_the_same_for_every_anonymous_visitor(client: FlaskClient) -> None:
    answer = client.get("/journees/")

    assert answer.headers["X-Page-Cache"] == "days,magazine,site"
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


def test_each_language_names_the_other(client: FlaskClient) -> None:
    french = get(client, "/journees/?quand=passees")
    english = get(client, "/en/journees/?quand=passees")

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
        get(client, f"/journees/{query}")

    assert count() == queries

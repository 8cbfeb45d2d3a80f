"""What narrows the list of days."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.study_days.web.reading import PAST, days_of_two_kinds, get_list, titles
from tests.support.makers.study_days import (
    make_city,
    make_study_day,
    make_theme,
)

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.both_databases]


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

    page = get_list(client, "/journees/?" + query.format(one=one, other=other))

    assert titles(page) == left
    assert "est ignoré" not in page
    assert "pas compris" not in page


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

    page = get_list(client, f"/journees/?{query}")

    assert '<div class="notice info" role="status">' in page
    assert titles(page) == ["Une"] or "vue=mois" in query or "q=mot" in query


def test_a_bad_value_is_explained_in_a_reader_s_words(client: FlaskClient) -> None:
    page = get_list(client, "/journees/?quand=zzz")

    assert "« zzz »" in page.replace("\u00a0", " ")
    assert "choisissez les journées à venir, ou les passées" in page
    assert "quand=«" not in page
    assert "a-venir" not in page.split('<div class="notice info"')[1].split("</div>")[0]


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

    page = get_list(client, f"/journees/?ville={one.city}&theme={one.theme}")

    chips = dict(re.findall(r'<a class="chip on" href="([^"]*)">.*?</span>(.*?)<svg', page, re.DOTALL))
    assert {text.strip(): address for address, text in chips.items()} == {
        "Finances": f"/journees/?ville={one.city}",
        "Nantes": f"/journees/?theme={one.theme}",
    }


def test_a_period_is_said_by_its_month_or_year(client: FlaskClient) -> None:
    make_study_day()

    def said(query: str) -> list[str]:
        chips = re.findall(r'<a class="chip on".*?</span>(.*?)<svg', get_list(client, f"/journees/?{query}"), re.DOTALL)
        return [chip.strip() for chip in chips]

    assert said("du=2027-02-01&au=2027-02-28") == ["Février 2027"]
    assert said("du=2027-01-01&au=2027-12-31") == ["2027"]
    assert said("du=2027-02-03") == ["À partir du 3\u00a0février 2027"]
    assert said("au=2027-03-01") == ["Jusqu’au 1er\u00a0mars 2027"]
    assert said("du=2027-02-03&au=2027-03-01") == ["Du 3\u00a0février 2027 au 1er\u00a0mars 2027"]


def test_counts_stand_on_the_tabs_and_the_choices(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()
    make_study_day(title="Passée", city_id=one.city_id, **PAST)

    page = get_list(client, f"/journees/?ville={one.city}")

    assert re.findall(r'À venir <span class="count">(\d+)</span>', page) == ["1"]
    assert re.findall(r'Passées <span class="count">(\d+)</span>', page) == ["1"]
    # A choice is counted under the other filters: no day in Nantes is about the law.
    assert re.findall(r'theme=[^"]*">(\w+) <span class="count">(\d+)</span>', page) == [("Finances", "1")]


def test_an_english_page_calls_a_theme_by_its_english_name_and_says_where_there_is_only_a_french_one(
    client: FlaskClient,
) -> None:
    finance, water = make_theme("Finances", name_en="Finance"), make_theme("Eau")
    one, other = finance.slug, water.slug
    for theme in (finance, water):
        make_study_day(theme=theme)

    page = get_list(client, "/en/journees/")
    in_english = get_list(client, f"/en/journees/?theme={one}")
    in_french = get_list(client, f"/en/journees/?theme={other}")

    rows = re.findall(r'<p class="series">(.*?)</p>', page)
    assert sorted(rows) == ['<span lang="fr">Eau</span>', "Finance"]
    assert re.findall(r'theme=[^"]*">(.*?) <span class="count">', page) == ['<span lang="fr">Eau</span>', "Finance"]
    assert "Finances" not in page
    assert re.search(r" </span>Finance\s+<svg", in_english)
    assert re.search(r' </span><span lang="fr">Eau</span>\s+<svg', in_french)


def test_nothing_found_offers_a_way_on(client: FlaskClient) -> None:
    one, other = days_of_two_kinds()
    make_study_day(title="Passée", city_id=one.city_id, theme_id=other.theme_id, **PAST)

    page = get_list(client, f"/journees/?ville={one.city}&theme={other.theme}")

    assert "Aucune journée ne correspond" in page
    assert f'href="/journees/?quand=passees&amp;ville={one.city}&amp;theme={other.theme}"' in page
    assert "Sans «\u00a0Nantes\u00a0»" in page
    assert '<meta name="robots" content="noindex, follow" />' in page


def test_an_empty_installation_says_what_will_be_here(client: FlaskClient) -> None:
    assert "Aucune journée n’est annoncée" in get_list(client)
    assert "Aucune journée passée" in get_list(client, "/journees/?quand=passees")


def test_pages_keep_the_filters(client: FlaskClient) -> None:
    city = make_city("Nantes")
    town = city.slug
    for number in range(23):
        make_study_day(title=f"Jour {number:02}", city=city, starts_at=datetime(2027, 1, number + 1, 8, tzinfo=UTC))

    first = get_list(client, f"/journees/?ville={town}")
    second = get_list(client, f"/journees/?ville={town}&page=2")

    assert f'href="/journees/?ville={town}&amp;page=2" rel="next"' in first
    assert f'href="/journees/?ville={town}" rel="prev"' in second
    assert titles(second) == ["Jour 20", "Jour 21", "Jour 22"]
    # The month goes on over two pages and is counted whole on each.
    assert "23 journées" in first
    assert "23 journées" in second


def test_feeds_of_the_list_have_its_filters(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()

    page = get_list(client, f"/journees/?ville={one.city}")

    assert f'href="/journees/calendrier.ics?ville={one.city}"' in page
    assert f'href="/journees/flux.atom?ville={one.city}"' in page


def test_the_chart_and_the_map_have_the_days_of_the_list(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()

    page = get_list(client)

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

    page = get_list(client)

    assert titles(page) == ["Outre-mer"]
    assert 'class="map' not in page

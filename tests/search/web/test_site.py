"""The page of the search."""

import html
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.limits import limiter
from eventsapp.magazine.statuses import Access
from eventsapp.search import queries, service
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.magazine import CANARY, make_article, make_issue, make_section
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.queries import QueryCount

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def unlimited(client: FlaskClient) -> Iterator[None]:
    """Count nobody's searches but those of the test."""
    limiter.reset()
    yield
    limiter.reset()


def get(client: FlaskClient, query: str) -> str:
    answer = client.get(f"/recherche/?{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


def results(page: str) -> list[tuple[str, str]]:
    """Return what was found, as (address, title without its marks)."""
    found = re.findall(r'<article class="result">.*?<h2[^>]*><a href="([^"]*)">(.*?)</a>', page, re.DOTALL)
    return [(address, html.unescape(re.sub(r"</?mark>", "", title))) for address, title in found]


def make_angers() -> None:
    day = make_study_day(
        slug="angers",
        title="La mutualisation des services",
        lead="Cinq territoires partagent leurs services.",
        city=make_city("Angers"),
        starts_at=datetime(2009, 2, 24, 8, tzinfo=UTC),
    )
    speaker = make_speaker("Claude Laurent", slug="claude-laurent")
    talk = make_session(day, position=1, title="Mutualiser pas à pas", speakers=[speaker])
    make_article(
        slug="recit",
        title="La mutualisation, le récit",
        study_day=day,
        sessions=[talk],
        speakers=[speaker],
        section=make_section("Reportage"),
        issue=make_issue(376),
        access=Access.SUBSCRIBERS,
    )
    service.rebuild()


def test_everything_about_something_is_found_at_its_address(client: FlaskClient) -> None:
    make_angers()

    found = dict(results(get(client, "q=laurent")))

    assert found == {
        "/intervenants/claude-laurent/": "Claude Laurent",
        "/journees/angers/seances/1/": "Mutualiser pas à pas",
        "/journees/angers/": "La mutualisation des services",
        "/articles/recit/": "La mutualisation, le récit",
    }


def test_found_words_are_marked_and_facts_are_told(client: FlaskClient) -> None:
    make_angers()

    page = get(client, "q=mutualiser+service")

    assert "La <mark>mutualisation</mark> des <mark>services</mark>" in page
    assert "Cinq territoires partagent leurs <mark>services</mark>." in page
    assert "Mardi 24\u00a0février 2009 · Angers" in page


def test_an_article_says_its_section_number_and_that_it_is_reserved(client: FlaskClient) -> None:
    make_angers()

    page = " ".join(get(client, "q=recit").split())

    assert "Reportage · n°\u00a0376 · 20\u00a0novembre 2026 · Réservé aux abonnés".replace(
        "\u00a0", " "
    ) in page.replace("\u00a0", " ")


def test_tabs_count_each_kind_and_keep_the_search(client: FlaskClient) -> None:
    make_angers()

    page = get(client, "q=laurent")
    only = get(client, "q=laurent&type=articles")

    tabs = re.findall(r'<a href="([^"]*)"[^>]*>(\w+) <span class="count">(\d+)</span>', page)
    assert tabs == [
        ("/recherche/?q=laurent", "Tout", "4"),
        ("/recherche/?q=laurent&amp;type=journees", "Journées", "1"),
        ("/recherche/?q=laurent&amp;type=seances", "Séances", "1"),
        ("/recherche/?q=laurent&amp;type=articles", "Articles", "1"),
        ("/recherche/?q=laurent&amp;type=intervenants", "Intervenants", "1"),
    ]
    assert [address for address, _ in results(only)] == ["/articles/recit/"]


def test_the_body_of_a_reserved_article_is_neither_found_nor_shown(client: FlaskClient) -> None:
    make_angers()

    for searched in ("mutualisation", "récit", "phrase", "autorisés"):
        assert CANARY not in get(client, f"q={searched}")
    assert results(get(client, f"q={CANARY}")) == []


def test_drafts_are_not_found(client: FlaskClient) -> None:
    make_study_day(title="Piscines", status=StudyDayStatus.DRAFT)
    service.rebuild()

    assert "Rien ne répond à" in get(client, "q=piscines")


def test_a_name_with_a_slip_is_found(client: FlaskClient) -> None:
    make_angers()

    assert results(get(client, "q=Claude+Lorent&type=intervenants")) == [
        ("/intervenants/claude-laurent/", "Claude Laurent")
    ]


def test_nothing_found_offers_a_way_on(client: FlaskClient) -> None:
    make_angers()

    page = get(client, "q=piscine&type=articles")

    assert "Rien ne répond à «\u00a0piscine\u00a0»" in page
    assert 'href="/recherche/?q=piscine">Chercher dans tout le site</a>' in page


@pytest.mark.parametrize("query", ["q=le", "q=le+la+les&type=articles"])
def test_words_that_are_never_looked_for_are_said_to_be_too_common(client: FlaskClient, query: str) -> None:
    make_angers()

    page = get(client, query)

    assert "Les mots trop courants ne sont pas cherchés." in page
    assert "Essayez avec moins de mots" not in page
    assert "Chercher dans tout le site" not in page
    assert "Essayez avec moins de mots" in get(client, "q=le+piscine")


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=%00", "type=articles", "page=9"])
def test_without_words_it_says_what_can_be_searched(client: FlaskClient, query: str) -> None:
    assert "tout ce qui est publié se cherche ici" in get(client, query)


@pytest.mark.parametrize("query", ["type=autre", "type=%00", "page=abc", "page=-1", "page=99999999"])
def test_a_bad_value_is_left_out(client: FlaskClient, query: str) -> None:
    make_angers()

    assert len(results(get(client, f"q=laurent&{query}"))) == 4


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120), st.sampled_from(["", "journees", "x"]), st.text("0123456789-ab", max_size=5))
def test_no_search_breaks_it(client: FlaskClient, searched: str, kind: str, page: str) -> None:
    limiter.reset()
    query = {"q": searched.encode("utf-8", "replace"), "type": kind, "page": page}

    assert client.get("/recherche/", query_string=query).status_code == 200


def test_hostile_texts_and_searches_are_text(client: FlaskClient) -> None:
    hostile = "<script>alert(1)</script><mark>"
    make_study_day(title=hostile, lead=hostile, city=make_city(hostile))
    service.rebuild()

    page = get(client, "q=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>alert" not in page
    assert len(results(page)) == 1


def test_pages_keep_the_search(client: FlaskClient) -> None:
    for number in range(25):
        make_article(title=f"Piscine {number}")
    service.rebuild()

    first, second = get(client, "q=piscine&type=articles"), get(client, "q=piscine&type=articles&page=2")

    assert 'href="/recherche/?q=piscine&amp;type=articles&amp;page=2" rel="next"' in first
    assert "21 à 25 sur 25" in second
    assert len(results(second)) == 5


def test_the_page_is_kept_by_nobody_and_listed_nowhere(client: FlaskClient) -> None:
    answer = client.get("/recherche/?q=angers")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex, follow" />' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "X-Page-Cache" not in answer.headers


def test_somebody_who_searches_without_end_waits(client: FlaskClient) -> None:
    statuses = [client.get("/recherche/?q=a").status_code for _ in range(61)]

    assert statuses == [200] * 60 + [429]


@pytest.mark.parametrize("many", [3, 30])
def test_the_number_of_queries_does_not_grow(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], many: int
) -> None:
    for _ in range(many):
        make_session(make_study_day(title="Piscines"), speakers=[make_speaker()])
        make_article(title="Piscines")
    service.rebuild()

    with count_queries as count:
        get(client, "q=piscine")

    # Whether there are too many to rank, how many of each kind, who has a name like it, what is shown; the masthead.
    assert count() == 5


def test_of_a_word_that_stands_everywhere_nothing_is_counted(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, count_queries: AbstractContextManager[QueryCount]
) -> None:
    monkeypatch.setattr(queries._found, "MOST_RANKED", 2)
    for _ in range(4):
        make_article(title="Piscines")
    service.rebuild()

    with count_queries as count:
        page = get(client, "q=piscine")

    assert "les meilleures des 2 réponses les plus récentes" in page
    assert 'class="count"' not in page
    assert count() == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mutalisation", "mutualisation"),
        ("mutuailsation des services", "mutualisation des services"),
        ("Angrs", "angers"),
        ("mutualisaton Agners", "mutualisation angers"),
    ],
)
def test_a_slip_of_the_pen_is_answered_by_what_was_meant(client: FlaskClient, typed: str, meant: str) -> None:
    make_angers()

    page = get(client, urlencode({"q": typed}))

    assert results(page) == []
    assert f'<a href="/recherche/?{html.escape(urlencode({"q": meant}))}">Vouliez-vous dire' in page
    assert results(get(client, urlencode({"q": meant})))


@pytest.mark.parametrize("typed", ["xylophone", "mut", "mutualisation xylophone", "mutualisation", "le la les", "½"])
def test_nothing_is_proposed_that_nobody_can_tell_or_that_finds_nothing(client: FlaskClient, typed: str) -> None:
    make_angers()

    assert "Vouliez-vous dire" not in get(client, urlencode({"q": typed}))


def test_a_word_of_what_is_gone_is_not_proposed(client: FlaskClient) -> None:
    with unit_of_work.transaction():
        day = make_study_day(title="Une journée")
        day.title = "Perspectives budgétaires"
    assert "Vouliez-vous dire" in get(client, "q=perspetives")

    with unit_of_work.transaction():
        db.session.get_one(StudyDay, day.id).status = StudyDayStatus.DRAFT

    assert "Vouliez-vous dire" not in get(client, "q=perspetives")

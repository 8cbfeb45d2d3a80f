"""The front page."""

import html
import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.files.models import StoredFile
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.magazine import PUBLISHED_AT, make_article, make_issue, make_section
from tests.support.makers.study_days import NOW, make_city, make_session, make_speaker, make_study_day, make_theme
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")


def get(client: FlaskClient) -> str:
    answer = client.get("/")
    assert answer.status_code == 200, answer.text
    return answer.text


def lead(page: str) -> str:
    found = re.search(r'<article class="lead-day">(.*?)</article>', page, re.DOTALL)
    assert found is not None
    return found[1]


def following(page: str) -> list[str]:
    return [
        html.unescape(text)
        for text in re.findall(r'<article class="day-item">.*?<h3><a [^>]*>(.*?)</a>', page, re.DOTALL)
    ]


def test_the_next_open_day_leads_and_the_others_follow(client: FlaskClient) -> None:
    closed: dict[str, Any] = {"registration_closes_at": NOW}
    make_study_day(title="Close demain", starts_at=NOW + timedelta(days=1), **closed)
    make_study_day(title="Pleine", starts_at=NOW + timedelta(days=5), seats_taken=100)
    day = make_study_day(
        slug="nantes",
        title="Ouverte",
        lead="Chapeau.",
        city=make_city("Nantes"),
        theme=make_theme("Finances"),
        starts_at=datetime(2026, 12, 10, 8, tzinfo=UTC),
        seats_taken=95,
    )
    make_session(day, speakers=[make_speaker(f"Personne Numéro{number}") for number in range(5)])
    make_study_day(title="Ensuite", starts_at=NOW + timedelta(days=40))
    make_study_day(title="Annulée", starts_at=NOW + timedelta(days=50), status=StudyDayStatus.CANCELLED)
    make_study_day(title="Brouillon", starts_at=NOW + timedelta(days=2), status=StudyDayStatus.DRAFT)

    page = get(client)

    story = lead(page)
    for text in (
        "jeudi",
        ">10<",
        "décembre 2026",
        "Nantes",
        "Ouverte",
        "Chapeau.",
        "Finances",
        "5 dernières places",
        "S’inscrire à Nantes",
        "390,00",
    ):
        assert text in story, text
    assert re.findall(r'<p class="name"><a [^>]*>(.*?)</a>', story) == [
        "Personne Numéro0",
        "Personne Numéro1",
        "Personne Numéro2",
    ]
    assert 'href="/journees/nantes/inscription/"' in story
    assert "Prochaine journée où il reste des places" in story
    assert following(page) == ["Close demain", "Pleine", "Ensuite", "Annulée"]
    said = re.findall(r'<article class="day-item">.*?<strong[^>]*>(.*?)</strong>', page, re.DOTALL)
    assert said[:2] == ["Inscriptions closes", "Complète"]


def test_where_the_next_day_is_open_nothing_comes_before_it(client: FlaskClient) -> None:
    make_study_day(title="Annulée", starts_at=NOW + timedelta(days=4), status=StudyDayStatus.CANCELLED)
    make_study_day(title="Ouverte", starts_at=NOW + timedelta(days=30))
    make_study_day(title="Ensuite", starts_at=NOW + timedelta(days=40))

    page = get(client)

    assert "<strong>Prochaine journée d’étude</strong>" in lead(page)
    assert '<h2 id="next">Et ensuite</h2>' in page
    assert following(page) == ["Ensuite"]


def test_days_that_begin_at_the_same_minute_are_all_listed(client: FlaskClient) -> None:
    morning = NOW + timedelta(days=30)
    for title in ("À Nantes", "À Rennes"):
        make_study_day(title=title, starts_at=morning)
    make_study_day(title="À Dijon, close", starts_at=morning - timedelta(days=1), registration_closes_at=NOW)

    page = get(client)

    assert "À Nantes" in lead(page)
    assert following(page) == ["À Dijon, close", "À Rennes"]


def test_without_an_open_day_the_next_that_takes_place_leads(client: FlaskClient) -> None:
    make_study_day(title="Annulée", starts_at=NOW + timedelta(days=4), status=StudyDayStatus.CANCELLED)
    make_study_day(title="Pleine", starts_at=NOW + timedelta(days=5), seats_taken=100)

    page = get(client)

    assert ">Pleine</a>" in lead(page)
    assert "S’inscrire" not in lead(page)


def test_reports_come_first_among_the_latest_articles(client: FlaskClient) -> None:
    past = make_study_day(city=make_city("Angers"), starts_at=datetime(2009, 2, 24, 8, tzinfo=UTC))
    make_article(title="Une brève", published_at=PUBLISHED_AT + timedelta(hours=1), section=make_section("Juridique"))
    make_article(
        title="Le récit", kind=ArticleKind.REPORT, study_day=past, access=Access.SUBSCRIBERS, issue=make_issue(376)
    )
    make_article(title="Pas encore", status=ArticleStatus.DRAFT)

    page = get(client)

    assert re.findall(r'<article class="teaser[^"]*">.*?<h3><a [^>]*>(.*?)</a>', page, re.DOTALL) == [
        "Le récit",
        "Une brève",
    ]
    assert "Angers, 24\u00a0février 2009 · Réservé aux abonnés" in page
    assert 'href="/magazine/376/">Tout le numéro 376</a>' in page
    assert "Pas encore" not in page


def test_the_offer_is_the_cheapest_plan_on_offer(client: FlaskClient) -> None:
    make_plan(price_cents=24900)
    make_plan(price_cents=12900)
    make_plan(price_cents=9900, published=False)

    page = get(client)

    assert '<span class="amount">129\u00a0€</span>' in page


def test_an_empty_installation_is_a_front_page_too(client: FlaskClient) -> None:
    page = get(client)

    assert "Les prochaines journées d’étude se préparent" in page
    assert "offer-band" not in page
    assert "teaser" not in page
    assert '<h1 class="masthead-name">' in page


def test_hostile_titles_are_text(client: FlaskClient) -> None:
    hostile = "<script>alert(1)</script>"
    make_study_day(title=hostile, lead=hostile, city=make_city(hostile), theme=make_theme(hostile))
    make_article(title=hostile, lead=hostile, section=make_section(hostile))

    assert "<script>alert" not in get(client)


def test_the_front_page_is_the_same_for_every_anonymous_visitor(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.headers["X-Page-Cache"] == "days,magazine,plans,site"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("many", [3, 30])
def test_the_number_of_queries_does_not_grow(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], many: int
) -> None:
    for _ in range(many):
        day = make_study_day()
        make_session(day, speakers=[make_speaker()])
        make_article(study_day=day, issue=make_issue(), section=make_section())
        make_plan()

    with count_queries as count:
        get(client)

    assert count() == 6


def test_initials_stand_beside_portraits_and_nowhere_alone(client: FlaskClient) -> None:
    day = make_study_day()
    make_session(day, speakers=[make_speaker("Paul Nord"), make_speaker("Anne Sud")])
    assert 'class="initials"' not in get(client)

    portrait = StoredFile(
        key="portrait", name="portrait.jpg", content_type="image/jpeg", size=1, sha256="0" * 64, created_at=NOW
    )
    db.session.add(portrait)
    make_session(day, speakers=[make_speaker("Luce Est", photo=portrait, consent_on=NOW.date())])

    assert re.findall(r'class="initials" aria-hidden="true">(.*?)<', get(client)) == ["PN", "AS"]

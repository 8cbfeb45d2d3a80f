"""Articles as they are filed: pages and feeds of sections, tags and authors."""

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree

from eventsapp.core.db import db
from eventsapp.magazine.models import ArticleAuthor
from eventsapp.magazine.statuses import Access, ArticleStatus
from tests.support.makers.magazine import CANARY, PUBLISHED_AT, make_article, make_section, make_tag
from tests.support.makers.study_days import make_speaker
from tests.support.pages import Page
from tests.support.queries import QueryCount

ATOM = "{http://www.w3.org/2005/Atom}"
SHELVES = ["/magazine/rubriques/juridique/", "/magazine/mots-cles/finances/", "/magazine/auteurs/anne-roux/"]


@pytest.fixture
def filed(client: FlaskClient) -> FlaskClient:
    """A visitor, one article filed everywhere, one nowhere, and one that is not published."""
    section, tag = make_section("Juridique"), make_tag("Finances")
    everywhere: dict[str, Any] = {"section_id": section.id, "tags": [tag], "authors": ["Anne Roux"]}
    make_article(title="Ce qui est rangé", slug="range", access=Access.SUBSCRIBERS, **everywhere)
    make_article(title="Ailleurs")
    make_article(title="Pas encore", status=ArticleStatus.DRAFT, **everywhere)
    return client


@pytest.mark.parametrize("address", SHELVES)
def test_a_shelf_shows_what_is_filed_there_and_offers_its_feed(filed: FlaskClient, address: str) -> None:
    answer = filed.get(address)
    feed = etree.fromstring(filed.get(f"{address}flux.atom").data)

    assert answer.status_code == 200
    assert Page(answer.text).links["Ce qui est rangé"] == "/articles/range/"
    assert "Ailleurs" not in answer.text
    assert "Pas encore" not in answer.text
    assert "1 article" in answer.text
    assert f'href="{address}flux.atom"' in answer.text
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["Ce qui est rangé"]
    assert feed.findtext(f"{ATOM}id") == f"http://localhost{address}flux.atom"
    assert CANARY not in etree.tostring(feed, encoding="unicode")
    assert "magazine" in answer.headers["X-Page-Cache"].split(",")


@pytest.mark.parametrize("address", SHELVES)
def test_a_shelf_on_which_nothing_is_published_is_not_there(client: FlaskClient, address: str) -> None:
    make_article(
        status=ArticleStatus.DRAFT,
        section_id=make_section("Juridique").id,
        tags=[make_tag("Finances")],
        authors=["Anne Roux"],
    )

    assert client.get(address).status_code == 404
    assert client.get(f"{address}flux.atom").status_code == 404


def test_the_article_leads_to_its_shelves(filed: FlaskClient) -> None:
    links = Page(filed.get("/articles/range/").text).links

    assert links["Juridique"] == SHELVES[0]
    assert links["Anne Roux"] == SHELVES[2]


def test_the_tags_stand_under_the_text_of_those_who_read_it(client: FlaskClient) -> None:
    make_article(slug="libre", tags=[make_tag("Finances")])

    assert Page(client.get("/articles/libre/").text).links["Finances"] == SHELVES[1]


def test_an_author_who_speaks_is_linked_both_ways(client: FlaskClient) -> None:
    speaker = make_speaker("Anne Roux")
    make_article(title="Par elle", authors=["Anne Roux"])
    author = db.session.query(ArticleAuthor).one()
    author.speaker_id, author.slug = speaker.id, speaker.slug
    db.session.commit()
    make_article(title="Sur elle", speakers=[speaker])

    links = Page(client.get(f"/magazine/auteurs/{speaker.slug}/").text).links
    profile = client.get(f"/intervenants/{speaker.slug}/").text

    assert links["Ses interventions aux journées d’étude"] == f"/intervenants/{speaker.slug}/"
    assert "Sur elle" not in links
    assert "Par elle" in profile
    assert "Sur elle" in profile


@pytest.mark.parametrize("articles", [3, 30])
def test_a_shelf_is_paged_and_asks_the_same_for_any_number_of_articles(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], articles: int
) -> None:
    tag = make_tag("Finances")
    for number in range(articles):
        make_article(title=f"Rangé {number}", tags=[tag], published_at=PUBLISHED_AT + timedelta(days=number))

    with count_queries as count:
        page = client.get(SHELVES[1])

    assert count() == 4
    assert page.text.count("Rangé ") == min(articles, 20)
    assert (client.get(f"{SHELVES[1]}?page=2").text.count("Rangé ") == 10) is (articles > 20)


def test_the_sitemap_knows_sections_and_tags(filed: FlaskClient) -> None:
    page = filed.get("/sitemap-1.xml").text

    for address in SHELVES[:2]:
        assert f"<loc>http://localhost{address}</loc>" in page

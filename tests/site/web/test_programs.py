"""What search engines and the pages' own scripts are told."""

from contextlib import AbstractContextManager
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout.models import Basket
from eventsapp.checkout.queries import fingerprint
from eventsapp.core.db import db
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.site.web import programs
from eventsapp.study_days.statuses import SessionKind, StudyDayStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.study_days import NOW, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def read(client: FlaskClient, path: str = "/sitemap.xml") -> ET.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/xml; charset=utf-8"
    return ET.fromstring(answer.data)  # noqa: S314 - our own


def locations(found: ET.Element) -> list[str]:
    return [location.text or "" for location in found.iter(f"{MAP}loc")]


def test_the_sitemap_has_what_anybody_may_read_and_nothing_else(client: FlaskClient) -> None:
    day = make_study_day(slug="angers")
    make_session(day, position=2, speakers=[make_speaker(slug="claude")])
    make_session(day, position=3, kind=SessionKind.BREAK)
    make_session(make_study_day(slug="brouillon", status=StudyDayStatus.DRAFT), speakers=[make_speaker(slug="secret")])
    make_article(slug="recit", issue=make_issue(376))
    make_article(slug="prevu", status=ArticleStatus.DRAFT, issue=make_issue(377))
    make_plan(slug="individuel")
    make_plan(slug="retire", published=False)

    found = [location.removeprefix("http://localhost") for location in locations(read(client))]

    assert [path for path in found if not path.startswith("/en/")] == [
        "/", "/journees/", "/intervenants/", "/magazine/", "/abonnements/",
        "/mentions-legales/", "/confidentialite/", "/accessibilite/", "/conditions-generales/",
        "/journees/angers/", "/journees/angers/seances/2/", "/articles/recit/", "/magazine/376/",
        "/intervenants/claude/", "/abonnements/individuel/",
    ]  # fmt: skip
    assert {path.removeprefix("/en") for path in found if path.startswith("/en/")} == {
        path for path in found if not path.startswith("/en/")
    }


def test_each_address_names_its_other_language_and_when_it_changed(client: FlaskClient) -> None:
    make_study_day(slug="angers")

    (entry,) = [url for url in read(client) if url.findtext(f"{MAP}loc") == "http://localhost/journees/angers/"]

    assert entry.findtext(f"{MAP}lastmod") == NOW.isoformat()
    assert {link.attrib["hreflang"]: link.attrib["href"] for link in entry.iter(f"{XHTML}link")} == {
        "fr": "http://localhost/journees/angers/",
        "en": "http://localhost/en/journees/angers/",
    }


def test_a_long_sitemap_has_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "PAGE_SIZE", 2)
    for number in range(5):
        make_study_day(slug=f"jour-{number}")

    index = read(client)

    assert locations(index) == [f"http://localhost/sitemap-{page}.xml" for page in (1, 2, 3)]
    found = [location for page in (1, 2, 3) for location in locations(read(client, f"/sitemap-{page}.xml"))]
    assert {f"http://localhost/journees/jour-{number}/" for number in range(5)} <= set(found)
    assert len(found) == len(set(found))
    for path in ("/sitemap-0.xml", "/sitemap-4.xml", "/sitemap-99999999.xml"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("days", [3, 30])
def test_the_sitemap_asks_two_queries(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], days: int
) -> None:
    for _ in range(days):
        make_study_day()

    with count_queries as count:
        read(client)

    assert count() == 2


def test_robots_are_kept_out_of_what_is_private(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")

    assert answer.content_type == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    for path in ("/compte/", "/organisation/", "/commandes/", "/recherche/"):
        assert f"Disallow: {path}" in lines
        assert f"Disallow: /en{path}" in lines
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert "Disallow: /journees/" not in lines


# What is personal


def test_strangers_have_nothing_personal(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount]
) -> None:
    with count_queries as count:
        answer = client.get("/fragments/visiteur/")

    assert (answer.status_code, answer.data, count()) == (204, b"", 0)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers


def test_a_visitor_sees_the_basket_and_the_name(client: FlaskClient) -> None:
    sign_in(client, make_user())
    db.session.add(Basket(token_hash=fingerprint("jeton"), items=[{"a": 1}, {"b": 2}], updated_at=NOW))
    db.session.commit()
    with client.session_transaction() as kept:
        kept["basket"] = "jeton"

    answer = client.get("/en/fragments/visiteur/")

    assert "Camille" in answer.text
    assert "(2)" in answer.text
    assert 'href="/en/panier/"' in answer.text
    assert "/organisation/" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_team_sees_the_way_to_the_office(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.DOOR))

    assert 'href="/organisation/"' in client.get("/fragments/visiteur/").text


def test_a_hostile_name_is_text(client: FlaskClient) -> None:
    user = make_user()
    user.first_name = "<script>alert(1)</script>"
    db.session.commit()
    sign_in(client, user)

    assert "<script>" not in client.get("/fragments/visiteur/").text

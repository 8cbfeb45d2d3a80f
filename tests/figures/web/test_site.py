"""A reading is counted by what its page says, from a page of the site, and costs a kept page nothing."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import page_cache
from eventsapp.core.db import db
from eventsapp.figures.models import ArticleRead
from eventsapp.magazine.statuses import Access
from tests.figures import noted
from tests.figures.noted import nothing_noted
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article
from tests.support.makers.subscriptions import make_contract
from tests.support.queries import counting_queries

READINGS = "/lectures/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OURS = {"User-Agent": FIREFOX, "Sec-Fetch-Site": "same-origin"}

pytestmark = pytest.mark.usefixtures("frozen")


def mark_in(page: str) -> str:
    return page.split('data-read="')[1].split('"', maxsplit=1)[0] if 'data-read="' in page else ""


def told(client: FlaskClient, mark: str, headers: dict[str, str] = OURS) -> int:
    return client.post(READINGS, data={"marque": mark}, headers=headers).status_code


@pytest.fixture(autouse=True)
def unread(app: Flask) -> None:
    with app.app_context():
        nothing_noted()


def counted() -> list[tuple[date, str, int]]:
    noted.counted()
    rows = db.session.scalars(sa.select(ArticleRead).order_by(ArticleRead.id))
    return [(row.read_on, row.read_by.value, row.count) for row in rows]


def test_a_free_article_is_counted_from_the_page_that_everybody_shares(client: FlaskClient) -> None:
    make_article(slug="libre")
    client.application.config["WTF_CSRF_ENABLED"] = True
    answer = client.get("/articles/libre/")
    mark = mark_in(answer.text)

    # The page stays one that is kept for everybody, and sets nothing.
    assert answer.headers[page_cache._MARK]
    assert "Set-Cookie" not in answer.headers
    assert mark == mark_in(client.get("/articles/libre/").text)
    assert [told(client, mark), told(client, mark)] == [204, 204]
    assert counted() == [(date(2026, 11, 23), "free", 2)]


def test_a_reserved_one_counts_for_its_readers_and_not_for_those_who_see_the_offer(client: FlaskClient) -> None:
    make_article(slug="reserve", access=Access.SUBSCRIBERS)
    assert mark_in(client.get("/articles/reserve/").text) == ""
    user = make_user(email="abonnee@exemple.fr")
    make_contract("abonnee@exemple.fr")
    sign_in(client, user)

    assert told(client, mark_in(client.get("/articles/reserve/").text)) == 204

    assert [line[1:] for line in counted()] == [("subscriber", 1)]


def test_the_newsroom_does_not_count(client: FlaskClient) -> None:
    make_article(slug="libre")
    sign_in(client, make_user(RoleName.EDITOR))

    assert mark_in(client.get("/articles/libre/").text) == ""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"User-Agent": FIREFOX, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"User-Agent": FIREFOX}, 403),
        ({"User-Agent": "Googlebot/2.1", "Sec-Fetch-Site": "same-origin"}, 204),
        ({"User-Agent": "", "Sec-Fetch-Site": "same-origin"}, 204),
    ],
)
def test_other_sites_and_programs_count_nothing(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    make_article(slug="libre")

    assert told(client, mark_in(client.get("/articles/libre/").text), headers) == status
    assert counted() == []


@pytest.mark.parametrize("mark", ["", "bidon", "x" * 5000])
def test_a_mark_that_is_not_ours_is_refused(client: FlaskClient, mark: str) -> None:
    assert told(client, mark) == 400


def test_an_article_that_is_gone_meanwhile_is_no_error(client: FlaskClient) -> None:
    article = make_article(slug="libre")
    mark = mark_in(client.get("/articles/libre/").text)
    db.session.delete(db.session.merge(article))
    db.session.commit()

    assert told(client, mark) == 204
    assert counted() == []


def test_one_machine_does_not_count_without_end(client: FlaskClient) -> None:
    make_article(slug="libre")
    mark = mark_in(client.get("/articles/libre/").text)

    statuses = [told(client, mark) for _time in range(14)]

    assert statuses == [204] * 12 + [429] * 2
    assert counted()[0][2] == 12


def test_telling_takes_no_lock_of_the_database(client: FlaskClient) -> None:
    make_article(slug="libre")
    mark = mark_in(client.get("/articles/libre/").text)

    with counting_queries() as count:
        assert told(client, mark) == 204

    assert count() == 0


def test_nothing_of_who_reads_is_kept() -> None:
    assert {column.name for column in ArticleRead.__table__.columns} == {
        "id",
        "article_id",
        "read_on",
        "read_by",
        "count",
    }

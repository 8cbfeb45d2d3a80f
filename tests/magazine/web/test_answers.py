"""Pages that are kept whole: a change shows at the next request, and what is one reader's is never another's."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts import queries as accounts
from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.magazine import service
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import Access, ArticleStatus
from tests.conftest import database_address
from tests.support.database import migrated_app
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import CANARY, make_article, make_comment, make_issue
from tests.support.makers.subscriptions import make_contract

READER = "lectrice@exemple.fr"


@pytest.fixture
def kept(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with its pages kept, on a database of its own with a few articles."""
    folder = tmp_path_factory.mktemp("kept")
    address = database_address(database, folder)
    made = migrated_app({"DATABASE_URL": address, "STORAGE_URL": f"file://{folder}/files"}, keep_pages=True)
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context(), writing():
        make_user(email=READER)
        make_user(RoleName.EDITOR, email="redaction@exemple.fr")
        make_contract(READER, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))
        make_article(slug="libre", title="Avant", issue_id=make_issue(602).id)
        make_article(slug="reserve", access=Access.SUBSCRIBERS)
        make_article(slug="bientot", status=ArticleStatus.SCHEDULED, publish_at=clock.now() - timedelta(minutes=1))
        db.session.remove()
    yield made
    cache: Any = made.wsgi_app
    cache._versions._local.connection.close()
    with made.app_context():
        db.engine.dispose()


def visitor(app: Flask, email: str = "") -> FlaskClient:
    """Return a browser, signed in when ``email`` is given."""
    client = app.test_client()
    if email:
        with app.app_context():
            sign_in(client, person(email))
    return client


def person(email: str) -> User:
    found = accounts.by_email(email)
    assert found is not None
    return found


def test_a_page_is_kept_and_a_change_shows_at_the_next_request(kept: Flask) -> None:
    client = visitor(kept)
    first = client.get("/articles/libre/")
    assert client.get("/articles/libre/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    with kept.app_context(), unit_of_work.transaction():
        article = newsroom.article_by_slug("libre")
        assert article is not None
        article.title = "Après"

    again = client.get("/articles/libre/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "Après" in again.text
    assert "Après" in client.get("/magazine/602/").text
    assert "Après" in client.get("/articles/flux.atom").text
    assert client.get("/articles/libre.pdf").data != b""


def test_publishing_withdrawing_and_moderating_show_at_the_next_request(kept: Flask) -> None:
    client = visitor(kept)
    assert client.get("/articles/bientot/").status_code == 404
    assert "Les commentaires sont ouverts aux abonnés" in client.get("/articles/libre/").text

    with kept.app_context():
        assert service.publish_due(now=clock.now()) == 1
    assert client.get("/articles/bientot/").status_code == 200

    with kept.app_context(), writing():
        article = newsroom.article_by_slug("libre")
        assert article is not None
        key = make_comment(article, body="Bien dit.").id
    with kept.app_context(), unit_of_work.transaction():
        comment = newsroom.comment(key)
        assert comment is not None
        service.publish_comment(comment, actor=person("redaction@exemple.fr"), now=clock.now())
    assert "Bien dit." in client.get("/articles/libre/").text

    with kept.app_context(), unit_of_work.transaction():
        article = newsroom.article_by_slug("libre")
        assert article is not None
        service.withdraw(article, reason="Une erreur.", actor=None, now=clock.now())
    assert client.get("/articles/libre/").status_code == 410


@pytest.mark.parametrize("address", ["/articles/reserve/", "/en/articles/reserve/"])
@pytest.mark.parametrize("first", ["anonymous", "subscriber"])
def test_what_a_subscriber_reads_is_kept_for_nobody(kept: Flask, address: str, first: str) -> None:
    anonymous, subscriber = visitor(kept), visitor(kept, READER)
    order = [anonymous, subscriber] if first == "anonymous" else [subscriber, anonymous]

    for client in order * 2:
        answer = client.get(address)
        assert (CANARY in answer.text) == (client is subscriber)
        assert ("ETag" in answer.headers) == (client is anonymous)
    assert CANARY not in anonymous.head(address).text


def test_the_paper_of_a_reserved_article_is_kept_for_nobody(kept: Flask) -> None:
    anonymous, subscriber = visitor(kept), visitor(kept, READER)

    assert subscriber.get("/articles/reserve.pdf").data[:5] == b"%PDF-"
    assert anonymous.get("/articles/reserve.pdf").status_code == 303
    assert anonymous.get("/articles/libre.pdf").data[:5] == b"%PDF-"

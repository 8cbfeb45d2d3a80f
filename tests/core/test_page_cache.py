"""Pages kept whole: fresh on the next request, the same for everybody, never one person's."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cachetools import LRUCache
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.core import page_cache, unit_of_work
from eventsapp.core.db import Base, db, writing
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from tests.conftest import database_address
from tests.support.database import migrated_app
from tests.support.makers.study_days import make_study_day
from tests.support.queries import counting_queries


@pytest.fixture(scope="module")
def keeping(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that keeps its pages, on a database where commits are real."""
    folder = tmp_path_factory.mktemp("keeping")
    app = migrated_app({"DATABASE_URL": database_address(database, folder)}, keep_pages=True)
    with app.app_context(), writing():
        make_study_day(slug="angers", title="Angers")
        db.session.remove()
        yield app
        app.extensions["eventsapp.page_cache"].close()
        db.engine.dispose()


@pytest.fixture
def reader(keeping: Flask) -> FlaskClient:
    return keeping.test_client(use_cookies=False)


def rename(title: str) -> None:
    with unit_of_work.transaction():
        db.session.scalars(sa.select(StudyDay)).one().title = title


def test_the_second_reader_costs_no_query_of_the_application(reader: FlaskClient) -> None:
    first = reader.get("/journees/angers/")

    with counting_queries() as counted:
        second = reader.get("/journees/angers/")

    assert counted() == 0
    assert second.data == first.data


@pytest.mark.parametrize("title", ["Mulhouse", "Amiens"])
def test_a_change_shows_on_the_next_request(reader: FlaskClient, title: str) -> None:
    reader.get("/journees/angers/")

    rename(title)

    assert title in reader.get("/journees/angers/").text
    assert title in reader.get("/journees/").text
    assert title in reader.get("/").text


def test_a_seat_taken_by_a_plain_statement_shows_too(reader: FlaskClient) -> None:
    with unit_of_work.transaction():
        study_days.take_seats(db.session.scalars(sa.select(StudyDay)).one(), count=95)
    few = reader.get("/journees/angers/").text
    with unit_of_work.transaction():
        study_days.free_seats(db.session.scalars(sa.select(StudyDay.id)).one(), count=95)

    assert reader.get("/journees/angers/").text != few


def test_a_change_elsewhere_makes_no_page_anew(reader: FlaskClient) -> None:
    reader.get("/abonnements/")

    rename("Blois")
    with counting_queries() as counted:
        reader.get("/abonnements/")

    assert counted() == 0


def test_pages_carry_no_cookie_and_may_be_asked_again_cheaply(reader: FlaskClient) -> None:
    first = reader.get("/journees/angers/")
    again = reader.get("/journees/angers/", headers={"If-None-Match": first.headers["ETag"]})

    assert "Set-Cookie" not in first.headers
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "X-Page-Cache" not in first.headers
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Security-Policy" in again.headers


def test_each_language_and_each_query_is_a_page_of_its_own(reader: FlaskClient) -> None:
    pages = {reader.get(path).data for path in ("/journees/", "/en/journees/", "/journees/?quand=passees")}

    assert len(pages) == 3


def test_what_is_compressed_is_the_same_text(reader: FlaskClient) -> None:
    plain = reader.get("/journees/angers/")
    packed = reader.get("/journees/angers/", headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2


def test_head_answers_the_same_headers_without_the_page(reader: FlaskClient) -> None:
    got, head = reader.get("/journees/angers/"), reader.head("/journees/angers/")

    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_somebody_with_a_session_gets_a_page_of_their_own(reader: FlaskClient) -> None:
    reader.get("/journees/angers/")

    with counting_queries() as counted:
        answer = reader.get("/journees/angers/", headers={"Cookie": "session=anything"})

    assert counted() > 0
    assert answer.headers["Cache-Control"].startswith("private")


def test_errors_redirects_and_forms_are_never_kept(reader: FlaskClient) -> None:
    for path, status in (("/journees/nulle-part/", 404), ("/compte/", 303), ("/journees/angers/inscription/", 200)):
        answers = [reader.get(path) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [status] * 2
        assert not any("public" in answer.headers.get("Cache-Control", "") for answer in answers)


def test_a_page_is_made_again_after_a_while_since_days_close_by_the_clock(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/journees/angers/")
    monkeypatch.setattr(page_cache, "LIFETIME", 0)

    with counting_queries() as counted:
        reader.get("/journees/angers/")

    assert counted() > 0


def test_every_scope_that_a_model_names_has_a_version(keeping: Flask) -> None:
    known = set(db.session.scalars(sa.select(page_cache.ContentVersion.scope)))
    named = {mapper.class_.__shown_in__ for mapper in Base.registry.mappers} - {None}
    db.session.rollback()

    assert named <= known


def test_a_page_larger_than_all_the_room_is_answered_and_not_kept(
    keeping: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = keeping.extensions["eventsapp.page_cache"]
    monkeypatch.setattr(cache, "_pages", LRUCache(1000, getsizeof=cache._pages.getsizeof))

    answers = [reader.get("/journees/angers/") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(cache._pages) == 0


def test_threads_read_the_kept_pages_one_at_a_time(
    keeping: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = keeping.extensions["eventsapp.page_cache"]
    alone: list[bool] = []

    class Watched(LRUCache[Any, Any]):
        def get(self, key: Any, default: Any = None) -> Any:
            alone.append(cache._lock.locked())
            return super().get(key, default)

    monkeypatch.setattr(cache, "_pages", Watched(page_cache.ROOM, getsizeof=cache._pages.getsizeof))

    reader.get("/journees/angers/")

    assert alone == [True]


def test_without_a_database_the_page_is_asked_for_as_usual(keeping: Flask, tmp_path: Path) -> None:
    cache = page_cache.PageCache(keeping.wsgi_app, database_url=f"sqlite:///{tmp_path}/none/at/all.sqlite")

    assert cache._versions.read() is None


@pytest.mark.writers_at_once
def test_a_connection_that_was_cut_is_opened_anew(keeping: Flask, reader: FlaskClient) -> None:
    """PostgreSQL restarted, or an operator ended the session: one page is made anew, the next is kept again."""
    reader.get("/journees/angers/")
    own = keeping.extensions["eventsapp.page_cache"]._versions._local.connection.info.backend_pid
    db.session.execute(sa.select(sa.func.pg_terminate_backend(own)))
    db.session.rollback()

    cut = reader.get("/journees/angers/")
    with counting_queries() as counted:
        again = [reader.get("/journees/angers/") for _ in range(2)]

    assert [answer.status_code for answer in (cut, *again)] == [200, 200, 200]
    assert counted() == 0

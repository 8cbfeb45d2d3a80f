"""One transaction a request: what it changes is known, and a read changes nothing."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.page_cache import ContentVersion
from eventsapp.mail.models import MailRefusal
from eventsapp.study_days.models import StudyDay
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


def versions() -> dict[str, int]:
    return dict(db.session.execute(sa.select(ContentVersion.scope, ContentVersion.version)).all())


def test_a_changed_row_makes_the_pages_that_show_it_anew() -> None:
    day = make_study_day()
    before = versions()

    with unit_of_work.transaction():
        db.session.get_one(StudyDay, day.id).title = "Autre titre"

    assert versions() == before | {"days": before["days"] + 1}


def test_a_deleted_row_does_too() -> None:
    day = make_study_day(rates={})
    before = versions()

    with unit_of_work.transaction():
        db.session.execute(sa.delete(StudyDay).where(StudyDay.id == day.id))
        unit_of_work.touch("days")

    assert versions()["days"] == before["days"] + 1


def test_what_no_page_shows_changes_no_version() -> None:
    before = versions()

    with unit_of_work.transaction():
        pass

    assert versions() == before


def _a_row() -> None:
    db.session.add(MailRefusal(kind="share", address_hash="0", at=NOW))


def _a_row_flushed_already() -> None:
    _a_row()
    db.session.flush()


def _a_statement() -> None:
    db.session.execute(sa.update(ContentVersion).values(version=ContentVersion.version + 1))


@pytest.mark.parametrize("write", [_a_row, _a_row_flushed_already, _a_statement])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_that_wrote_is_an_error_of_ours(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    method: str,
    write: Callable[[], None],
) -> None:
    def view() -> str:
        write()
        return "written"

    monkeypatch.setitem(app.view_functions, "site.home", view)

    with app.app_context():
        assert app.test_client().open("/", method=method).status_code == 500

    assert "WriteInReadRequestError: site.home" in caplog.text


def test_a_read_that_only_read_is_none(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "site.home", lambda: str(versions()))

    with app.app_context():
        assert app.test_client().get("/").status_code == 200


def test_what_a_read_wrote_by_plain_text_is_undone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def view() -> str:
        db.session.execute(sa.text("UPDATE content_versions SET version = version + 1"))
        return "written"

    before = versions()
    monkeypatch.setitem(app.view_functions, "site.home", view)

    with app.app_context():
        app.test_client().get("/")

    assert versions() == before


def test_what_a_hook_wrote_before_a_read_is_an_error_of_ours(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions()
    monkeypatch.setitem(app.before_request_funcs, None, [*app.before_request_funcs.get(None, []), _a_statement])

    with app.app_context():
        assert app.test_client().get("/").status_code == 500

    assert versions() == before


@pytest.mark.writers_at_once
def test_a_read_leaves_to_the_next_what_postgresql_prepared(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepared() -> str:
        statements = sa.column("statement", sa.String)
        return str(
            db.session.scalar(
                sa.select(sa.func.count())
                .select_from(sa.table("pg_prepared_statements", statements))
                .where(statements.like("%content_versions%"))
            )
        )

    def read() -> str:
        for _ in range(6):
            versions()
        return prepared()

    answers = []
    for view in (read, prepared):
        monkeypatch.setitem(app.view_functions, "site.home", view)
        with app.app_context():
            answers.append(app.test_client().get("/").text)

    assert answers == ["1", "1"]

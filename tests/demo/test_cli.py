"""The commands of the demonstration, as `make run` calls them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.demo import service
from eventsapp.study_days.models import StudyDay
from tests.support.database import migrated_app
from tests.support.makers.study_days import make_study_day


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database."""
    made = migrated_app(
        {"DATABASE_URL": f"sqlite:///{tmp_path}/fresh.sqlite", "STORAGE_URL": f"file://{tmp_path}/files"}
    )
    yield made
    with made.app_context():
        db.engine.dispose()


def run(app: Flask, *command: str) -> tuple[int, str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["demo", *command], catch_exceptions=False)
        db.session.remove()
    return result.exit_code, result.output


def test_a_second_load_changes_nothing_and_says_so(demo_app: Flask) -> None:
    assert run(demo_app, "load") == (
        0,
        "Loading the demonstration\nThe demonstration is there already: no change.\n",
    )


def test_a_load_only_if_empty_leaves_a_filled_installation_alone_in_silence(fresh: Flask) -> None:
    with fresh.app_context():
        make_study_day()

        assert run(fresh, "load", "--if-empty") == (0, "")
        assert (_count(StudyDay), _count(User)) == (1, 0)
        db.session.remove()


def test_a_load_only_if_empty_fills_an_empty_installation(fresh: Flask) -> None:
    status, said = run(fresh, "load", "--if-empty")

    assert status == 0
    assert said.splitlines()[-1].startswith("Demonstration loaded: ")
    with fresh.app_context():
        assert _count(StudyDay) == 24
        db.session.remove()


def test_strangers_never_get_the_demonstration(fresh: Flask) -> None:
    settings = fresh.extensions["eventsapp.settings"]
    fresh.extensions["eventsapp.settings"] = replace(settings, public_url="https://journees.lettre.example")

    status, said = run(fresh, "load")

    assert (status, said.count("\n")) == (1, 1)
    assert "PUBLIC_URL is https://journees.lettre.example" in said
    with fresh.app_context():
        assert (_count(StudyDay), _count(User)) == (0, 0)
        db.session.remove()


def test_hints_are_one_sign_in_a_role(demo_app: Flask) -> None:
    status, said = run(demo_app, "hints")

    assert status == 0
    assert "http://localhost/compte/connexion/" in said
    assert service.PASSWORD in said
    assert [line.split()[:2] for line in said.splitlines() if "@" in line] == [
        ["administration@lettre.example", "administrator"],
        ["organisation@lettre.example", "organiser"],
        ["redaction@lettre.example", "editor"],
        ["comptabilite@lettre.example", "accountant"],
        ["accueil@lettre.example", "door"],
        ["lectrice@lettre.example", "subscriber"],
    ]
    assert "4242 4242 4242 4242" in said


def test_hints_say_nothing_where_it_is_not_loaded(fresh: Flask) -> None:
    assert run(fresh, "hints") == (0, "")


def test_everybody_of_the_hints_can_sign_in(demo_app: Flask) -> None:
    with demo_app.app_context():
        people = service.team()
        db.session.remove()

    for person in people[1:]:
        answer = demo_app.test_client().post(
            "/compte/connexion/", data={"email": person.email, "password": service.PASSWORD}
        )
        assert answer.status_code == 303, person.email


def _count(model: type[StudyDay] | type[User]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0

"""The commands about tokens."""

import re

import pytest
from flask import Flask

from eventsapp.api import queries, service
from eventsapp.api.statuses import Scope
from tests.support.makers.api import make_token
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


def test_the_token_is_printed_and_nothing_else(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["tokens", "create", "Intranet", "--scope", "organiser", "--scope", "editor"]
    )

    assert result.exit_code == 0
    assert re.fullmatch(r"evapp_[A-Za-z0-9_-]{43}\n", result.output)
    row = queries.live_token(result.output.strip())
    assert row is not None
    assert (row.name, row.scopes) == ("Intranet", ["organiser", "editor"])


def test_the_list_never_shows_a_token(app: Flask) -> None:
    token = make_token(Scope.DOOR, name="Accueil du 24 février")
    row, _token = service.create_token(name="Ancien", scopes=[Scope.EDITOR], now=NOW)
    service.revoke_token(row, now=NOW)

    result = app.test_cli_runner().invoke(args=["tokens", "list"])

    lines = [line.split("\t")[1:] for line in result.output.splitlines()]
    assert lines == [
        ["Ancien", "editor", "2026-11-23", "revoked 2026-11-23"],
        ["Accueil du 24 février", "door", "2026-11-23", "live"],
    ]
    assert token not in result.output


def test_a_token_is_revoked_by_its_number(app: Flask) -> None:
    token = make_token(Scope.DOOR)
    number = queries.tokens()[0].id

    result = app.test_cli_runner().invoke(args=["tokens", "revoke", str(number)])

    assert (result.exit_code, result.output) == (0, f"{number}: revoked\n")
    assert queries.live_token(token) is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["create", "A"], "Missing option '--scope'"),
        (["create", "A", "--scope", "emperor"], "'emperor' is not one of"),
        (["create", "   ", "--scope", "door"], "Invalid value for NAME"),
        (["create", "a\x1bb", "--scope", "door"], "Invalid value for NAME"),
        (["create", "a" * 101, "--scope", "door"], "Invalid value for NAME"),
        (["revoke", "99999"], "there is no token 99999"),
        (["revoke", "-1"], "No such option"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(app: Flask, arguments: list[str], told: str) -> None:
    result = app.test_cli_runner().invoke(args=["tokens", *arguments])

    assert result.exit_code != 0
    assert told in result.output
    assert queries.tokens() == []


def test_a_token_is_revoked_once(app: Flask) -> None:
    make_token(Scope.DOOR)
    number = str(queries.tokens()[0].id)
    app.test_cli_runner().invoke(args=["tokens", "revoke", number])

    result = app.test_cli_runner().invoke(args=["tokens", "revoke", number])

    assert result.exit_code == 1
    assert "Ce jeton est déjà révoqué." in result.output

"""The command that makes people."""

import pytest
from flask import Flask

from eventsapp.accounts import queries

pytestmark = pytest.mark.usefixtures("transaction")


def test_somebody_is_made_with_a_role_and_a_password(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["users", "create", "Chef@Exemple.fr", "--role", "administrator", "--password-stdin"],
        input="quatre mots au hasard\n",
    )

    assert (result.exit_code, result.output) == (0, "Chef@Exemple.fr: created\n")
    user = queries.by_email("chef@exemple.fr")
    assert user is not None
    assert [role.name for role in user.roles] == ["administrator"]
    assert user.password is not None
    assert "quatre" not in user.password


def test_roles_have_french_names_too(app: Flask) -> None:
    app.test_cli_runner().invoke(args=["users", "create", "a@exemple.fr", "--role", "accueil", "--role", "redacteur"])

    user = queries.by_email("a@exemple.fr")
    assert user is not None
    assert sorted(role.name for role in user.roles) == ["door", "editor"]


def test_without_a_password_the_link_to_choose_one_is_printed(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["users", "create", "a@exemple.fr"])

    assert result.output.startswith(
        "a@exemple.fr: created; password to be chosen at http://localhost/compte/mot-de-passe/choisir/"
    )


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (["pas-une-adresse"], "", "Invalid value for EMAIL"),
        (["a@exemple.fr", "--role", "roi"], "", "'roi' is not one of"),
        (["a@exemple.fr", "--password-stdin"], "court\n", "au moins 12 caractères"),
        (["deja@exemple.fr"], "", "Quelqu’un se connecte déjà avec cette adresse."),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_made(app: Flask, arguments: list[str], typed: str, told: str) -> None:
    app.test_cli_runner().invoke(args=["users", "create", "deja@exemple.fr"])

    result = app.test_cli_runner().invoke(args=["users", "create", *arguments], input=typed)

    assert result.exit_code != 0
    assert told in result.output
    assert queries.by_email("a@exemple.fr") is None

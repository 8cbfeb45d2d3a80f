"""The office's pages of tokens."""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.api import queries
from eventsapp.api.statuses import Scope
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from tests.api.web.counting import queries_with
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.api import bearer, make_token
from tests.support.makers.study_days import make_study_day

TOKENS = "/organisation/jetons/"


@pytest.fixture
def boss(client: FlaskClient) -> FlaskClient:
    """A browser in which an administrator is signed in."""
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    return client


def test_a_token_is_made_shown_once_and_opens_what_it_says(boss: FlaskClient) -> None:
    answer = boss.post(f"{TOKENS}nouveau/", data={"name": " Intranet  de la ville ", "scopes": ["organiser", "editor"]})

    (token,) = set(re.findall(r"evapp_[\w-]{43}", answer.text))
    row = queries.live_token(token)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert row is not None
    assert (row.name, row.scopes) == ("Intranet de la ville", ["organiser", "editor"])
    assert (
        boss.get(f"/api/v1/study-days/{make_study_day().slug}/registrations", headers=bearer(token)).status_code == 200
    )
    assert token not in boss.get(TOKENS).text
    assert token not in boss.get(f"{TOKENS}{row.id}/").text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"name": "", "scopes": ["editor"]}, "Dites quel programme s’en servira."),
        ({"name": "A" * 101, "scopes": ["editor"]}, "Pas plus de 100 caractères."),
        ({"name": "A\x00B", "scopes": ["editor"]}, "caractères invisibles"),
        ({"name": "Intranet"}, "Choisissez au moins une portée."),
        ({"name": "Intranet", "scopes": ["emperor"]}, "Intranet"),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_stays(
    boss: FlaskClient, data: dict[str, str | list[str]], told: str
) -> None:
    answer = boss.post(f"{TOKENS}nouveau/", data=data)

    assert answer.status_code == 422
    assert told in answer.text
    assert "evapp_" not in answer.text
    assert queries.tokens() == []


def test_the_list_has_tabs_and_leads_to_each_token(boss: FlaskClient) -> None:
    make_token(Scope.EDITOR, name="Intranet")
    number = queries.tokens()[0].id

    page = boss.get(TOKENS).text

    assert "Intranet" in page
    assert f'href="{TOKENS}{number}/"' in page
    assert "Intranet" not in boss.get(f"{TOKENS}?etat=revoques").text


def test_the_list_asks_the_same_number_of_queries(boss: FlaskClient) -> None:
    def make_tokens(number: int) -> None:
        for _each in range(number):
            make_token(Scope.EDITOR)

    few, many = queries_with(boss, TOKENS, make_tokens)

    assert few == many <= 6


def test_a_revoked_token_stays_to_be_seen_with_who_revoked_it(boss: FlaskClient) -> None:
    token = make_token(Scope.EDITOR, name="Rédaction")
    number = queries.tokens()[0].id

    answer = boss.post(f"{TOKENS}{number}/revoquer/")
    page = boss.get(answer.location).text

    assert (answer.status_code, answer.location) == (303, f"{TOKENS}{number}/")
    assert queries.live_token(token) is None
    assert "il n’ouvre plus rien" in page
    assert f'action="{TOKENS}{number}/revoquer/"' not in page
    assert db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "api_token")).all() == [
        "tokens.create",
        "tokens.revoke",
    ]


def test_a_token_is_revoked_once(boss: FlaskClient) -> None:
    make_token(Scope.EDITOR)
    number = queries.tokens()[0].id
    boss.post(f"{TOKENS}{number}/revoquer/")

    page = boss.post(f"{TOKENS}{number}/revoquer/", follow_redirects=True).text

    assert "Ce jeton est déjà révoqué." in page


@pytest.mark.parametrize("role", [role for role in RoleName if role is not RoleName.ADMINISTRATOR])
def test_tokens_are_the_administrators_business(client: FlaskClient, role: RoleName) -> None:
    make_token(Scope.EDITOR)
    number = queries.tokens()[0].id
    sign_in(client, make_user(role))

    answers = [
        client.get(TOKENS),
        client.get(f"{TOKENS}nouveau/"),
        client.post(f"{TOKENS}nouveau/", data={"name": "A", "scopes": ["editor"]}),
        client.get(f"{TOKENS}{number}/"),
        client.post(f"{TOKENS}{number}/revoquer/"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert [row.revoked_at for row in queries.tokens()] == [None]


def test_a_token_does_not_sign_in(client: FlaskClient) -> None:
    token = make_token(*Scope)

    assert client.get(TOKENS, headers=bearer(token)).status_code == 303


@pytest.mark.parametrize("number", ["0", "999999", "2147483648", "9" * 30])
def test_a_token_that_does_not_exist_is_not_found(boss: FlaskClient, number: str) -> None:
    assert boss.get(f"{TOKENS}{number}/").status_code == 404

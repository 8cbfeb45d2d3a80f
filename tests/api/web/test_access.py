"""Who is let in with what."""

import pytest
from flask.testing import FlaskClient

from eventsapp.api import queries, service
from eventsapp.api.statuses import Scope
from eventsapp.core.db import db
from tests.support.makers.api import bearer, make_token
from tests.support.makers.study_days import NOW, make_study_day


@pytest.fixture
def path(client: FlaskClient) -> str:
    """An address for organisers."""
    return f"/api/v1/study-days/{make_study_day().slug}/registrations"


def test_a_token_with_several_scopes_opens_what_one_of_them_opens(client: FlaskClient, path: str) -> None:
    token = make_token(Scope.DOOR, Scope.ORGANISER)

    assert client.get(path, headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_is_read_as_others_read_it(client: FlaskClient, path: str, scheme: str) -> None:
    token = make_token(Scope.ORGANISER)

    assert client.get(path, headers={"Authorization": f"{scheme} {token}"}).status_code == 200


def test_a_revoked_token_is_refused_at_once(client: FlaskClient, path: str) -> None:
    token = make_token(Scope.ORGANISER)
    before = client.get(path, headers=bearer(token))
    service.revoke_token(queries.tokens()[0], now=NOW)
    db.session.commit()

    after = client.get(path, headers=bearer(token))

    assert (before.status_code, after.status_code) == (200, 401)
    assert after.headers["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


@pytest.mark.parametrize(
    "credentials",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer \x7f",
        "Bearer clé",
        "Bearer " + "a" * 8000,
        "Basic dXNlcjpwYXNz",
        "Token x",
        "x",
        "",
    ],
)
def test_anything_else_is_refused_in_the_same_words(client: FlaskClient, path: str, credentials: str) -> None:
    answer = client.get(path, headers={"Authorization": credentials.encode().decode("latin-1")})

    assert (answer.status_code, answer.get_json()["type"]) == (401, "/problems/unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="api"')


def test_unknown_and_revoked_tokens_cannot_be_told_apart(client: FlaskClient, path: str) -> None:
    token = make_token(Scope.ORGANISER)
    service.revoke_token(queries.tokens()[0], now=NOW)
    db.session.commit()

    answers = [client.get(path, headers=bearer(each)) for each in (token, "evapp_never-made")]

    assert answers[0].data == answers[1].data


def test_a_token_in_the_address_opens_nothing(client: FlaskClient, path: str) -> None:
    token = make_token(Scope.ORGANISER)

    assert client.get(f"{path}?access_token={token}&token={token}").status_code == 401

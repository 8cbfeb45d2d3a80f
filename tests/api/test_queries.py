"""Finding tokens."""

import pytest

from eventsapp.api import queries, service
from eventsapp.api.models import ApiToken
from eventsapp.api.statuses import Scope
from eventsapp.core import listing
from tests.support.makers.api import make_token
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


def test_a_token_is_found_by_itself_and_by_nothing_near_it() -> None:
    token = make_token(Scope.EDITOR)
    other = make_token(Scope.DOOR)

    found = queries.live_token(token)

    assert found is not None
    assert found.scopes == ["editor"]
    assert found is not queries.live_token(other)
    assert [queries.live_token(near) for near in (token[:-1], token + "x", token.upper(), "", f" {token}")] == [
        None
    ] * 5


def test_the_fingerprint_itself_opens_nothing() -> None:
    make_token(Scope.EDITOR)
    kept = queries.tokens()[0].token_hash

    assert queries.live_token(kept) is None


def test_what_is_compared_last_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    token = make_token(Scope.EDITOR)
    compared: list[tuple[str, str]] = []

    def remember(given: str, kept: str) -> bool:
        compared.append((given, kept))
        return True

    monkeypatch.setattr(queries, "same_secret", remember)
    queries.live_token(token)

    assert len(compared) == 1
    assert token not in compared[0]
    assert compared[0][0] == compared[0][1]


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({}, ["B", "A"]),
        ({"etat": "revoques"}, ["C"]),
        ({"portee": "door"}, ["B"]),
        ({"portee": "editor"}, ["A"]),
        ({"q": "b"}, ["B"]),
        ({"tri": "nom"}, ["A", "B"]),
    ],
)
def test_the_office_narrows_the_list(parameters: dict[str, str], names: list[str]) -> None:
    for name, scope in (("A", Scope.EDITOR), ("B", Scope.DOOR), ("C", Scope.EDITOR)):
        row, _token = service.create_token(name=name, scopes=[scope], now=NOW)
        if name == "C":
            service.revoke_token(row, now=NOW)
    tokens = queries.token_list()

    found: list[ApiToken] = list(listing.fetch(tokens, listing.read(tokens, parameters)).page.items)

    assert [row.name for row in found] == names

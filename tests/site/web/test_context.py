"""What every page and mail is told."""

from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from tests.support.makers.magazine import make_article, make_issue
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")


def test_the_current_issue_stands_in_the_masthead(client: FlaskClient) -> None:
    make_article(issue=make_issue(602))
    make_issue(603)

    page = client.get("/journees/").text

    assert 'href="/magazine/602/"' in page
    assert 'href="/magazine/603/"' not in page


@pytest.mark.parametrize("path", ["/", "/journees/", "/en/abonnements/", "/compte/connexion/"])
def test_every_page_says_that_the_shop_is_in_test(
    path: str, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'class="trial"' not in client.get(path).text
    chosen = replace(app.extensions["eventsapp.settings"], public_url="https://localhost")
    monkeypatch.setitem(app.extensions, "eventsapp.settings", chosen)
    assert 'class="trial"' not in client.get(path).text

    in_test = replace(chosen, public_url="https://lettre.example")
    monkeypatch.setitem(app.extensions, "eventsapp.settings", in_test)

    assert 'class="trial"' in client.get(path).text


def test_an_error_page_asks_nothing_of_the_database(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount]
) -> None:
    make_article(issue=make_issue(602))

    with count_queries as count:
        answer = client.get("/nulle-part/")

    assert (answer.status_code, count()) == (404, 0)
    assert "canonical" not in answer.text


def test_a_mail_knows_the_site_and_asks_nothing(
    app: Flask, transaction: None, count_queries: AbstractContextManager[QueryCount]
) -> None:
    with count_queries as count:
        text = render_template_string("{{ site.name }}, {{ locale }}, {{ site.today }}")

    assert (text, count()) == ("La Lettre du cadre territorial, fr, 2026-11-23", 0)


@pytest.mark.parametrize(
    ("path", "canonical", "alternate"),
    [
        ("/journees/?q=a%20b&x=%3Cb%3E", "/journees/", "/en/journees/?q=a%20b&amp;x=%3Cb%3E"),
        ("/en/journees/", "/en/journees/", "/journees/"),
        ("/en/", "/en/", "/"),
    ],
)
def test_each_page_names_itself_and_its_other_language(
    client: FlaskClient, path: str, canonical: str, alternate: str
) -> None:
    page = client.get(path).text

    assert f'<link rel="canonical" href="http://localhost{canonical}" />' in page
    assert f'href="http://localhost{alternate}"' in page


def test_addresses_are_never_built_from_what_a_request_claims(client: FlaskClient) -> None:
    page = client.get("/journees/", headers={"Host": "127.0.0.1:81", "X-Forwarded-Host": "evil.test"}).text

    assert "127.0.0.1" not in page
    assert "evil.test" not in page


@pytest.mark.parametrize(("path", "entry"), [("/journees/", "Journées d’étude"), ("/intervenants/", "Intervenants")])
def test_the_navigation_marks_where_one_is(client: FlaskClient, path: str, entry: str) -> None:
    page = client.get(path).text

    assert f'<a href="{path}" aria-current="true">{entry}</a>' in page

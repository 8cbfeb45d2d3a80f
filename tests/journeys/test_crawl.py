"""Every page that the demonstration leads to answers, for visitors in both languages and for the administrator.

None of the French ones lets a line break before a high sign.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.core.limits import limiter
from eventsapp.demo import service
from eventsapp.orders.models import Order
from tests.support.crawling import Waiting
from tests.support.line_breaks import breakable

pytestmark = pytest.mark.by_turns

#: Pages of one kind visited at most; in the office one more order shows next to nothing new.
_MOST, _MOST_IN_OFFICE = 40, [2, pytest.param(5, marks=pytest.mark.long)]
_LINK = re.compile(r'(?:href|src)="([^"#]+)')


@pytest.mark.parametrize("start", ["/", "/en/"])
def test_every_public_page_answers(demo_app: Flask, start: str) -> None:
    visited, broken = _crawl(demo_app.test_client(), start, most=_MOST)

    assert _failed(visited) == {}
    assert broken == {}
    assert len(visited) > 200
    missing = {"journees/angers-2009/", "articles/la-mutualisation-avec-ceux-qui-l-ont-conduite/", "abonnements/"}
    assert missing - {path.removeprefix(start) for path in visited} == set()


@pytest.mark.parametrize("most", _MOST_IN_OFFICE)
def test_every_page_of_the_office_answers_the_administrator(demo_app: Flask, most: int) -> None:
    client = demo_app.test_client()
    limiter.reset()
    client.post("/compte/connexion/", data={"email": "administration@lettre.example", "password": service.PASSWORD})

    visited, broken = _crawl(client, "/organisation/", most=most)

    assert _failed(visited) == {}
    assert broken == {}
    assert len(visited) > 80


def test_an_order_of_every_state_answers_its_buyer(demo: Flask) -> None:
    orders = db.session.scalars(sa.select(Order)).all()
    one_of_each = {(order.status, order.payment_status, order.payment_method): order for order in orders}
    client = demo.test_client()

    answers = {
        order.idempotency_key: client.get(f"/commandes/{order.reference}/{order.secret}/").status_code
        for order in one_of_each.values()
    }

    assert {key: status for key, status in answers.items() if status != 200} == {}
    assert len(answers) >= 15


def _crawl(client: FlaskClient, start: str, *, most: int) -> tuple[dict[str, int], dict[str, str]]:
    """Follow the links below ``start``, the other language left out; return address → status.

    And where a French line may break though it must not, with the first address that has it. What stands on pages with
    a query, and beyond ``most`` pages of one kind, is not followed.
    """
    visited: dict[str, int] = {}
    broken: dict[str, str] = {}
    waiting = Waiting(client.application, start, most=most)
    while waiting:
        url = waiting.next()
        limiter.reset()
        answer = client.get(url, follow_redirects=True, buffered=True)
        visited[url] = answer.status_code
        if answer.mimetype == "text/html":
            broken = dict.fromkeys(breakable(answer.text), url) | broken
        if "?" in url or answer.mimetype != "text/html":
            continue
        for found in _links(answer.text, url):
            other_language = found.startswith("/en/") != start.startswith("/en/")
            if found.startswith(start) and not other_language:
                waiting.add(found)
    return visited, broken


def _links(page: str, url: str) -> Iterator[str]:
    for link in _LINK.findall(page):
        parts = urlsplit(urljoin(f"http://localhost{url}", unescape(link)))
        if parts.scheme == "http" and parts.netloc == "localhost":
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def _failed(visited: dict[str, int]) -> dict[str, int]:
    return {url: status for url, status in visited.items() if status != 200}


def test_the_same_look_finds_where_lines_may_break() -> None:
    page = """<html lang="fr"><head><title>a : b</title></head><p>Vue
        : <b>Oui</b> <i>!</i></p><p title="a ;">« Eau\u00a0»</p><pre>a : b</pre>
        <p lang="en">a : b</p><p>a\u00a0: b</p>"""

    assert sorted(breakable(page)) == ["Oui !", "Vue\n        :", "a ;", "« Eau"]

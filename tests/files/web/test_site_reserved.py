"""Pictures of reserved texts: for those who may read the text, by whatever right they do."""

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleKind
from eventsapp.registrations.models import Registration
from tests.magazine.service.test_text_pictures import bring, rewrite
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_contract
from tests.support.queries import counting_queries

EVER = {"starts_on": date(2020, 1, 1), "ends_on": date(2099, 12, 31)}
READER = "lectrice@exemple.fr"
FOR_ONE, FOR_ALL = "private, max-age=3600", "public, max-age=31536000, immutable"


def written(*, access: Access = Access.SUBSCRIBERS, before: int = 6, **values: Any) -> Article:
    """Make a published article whose picture stands after so many paragraphs."""
    line = bring()
    article = make_article(slug="texte", access=access, **values)
    return rewrite(article, "\n\n".join([f"Paragraphe {number}." for number in range(before)] + [line, "La fin."]))


def pictures(page: str) -> list[str]:
    """Return the addresses of the pictures in a page's text."""
    shown = re.findall(r'<img src="(/fichiers/[^"]+)" srcset="([^"]+)"', page)
    return [src for src, _srcset in shown] + [part.split()[0] for _src, srcset in shown for part in srcset.split(", ")]


def address_of(article: Article) -> str:
    found = re.search(r"\((/fichiers/[^ )]+)", article.body)
    assert found is not None
    return found[1]


def statuses(client: FlaskClient, addresses: list[str]) -> list[tuple[int, str | None]]:
    answers = [client.get(address) for address in addresses]
    return [(answer.status_code, answer.headers.get("Cache-Control")) for answer in answers]


def test_a_picture_of_a_text_for_all_is_everybodys_and_kept_by_everybody(client: FlaskClient) -> None:
    article = written(access=Access.PUBLIC)
    shown = pictures(client.get("/articles/texte/").text)

    assert shown == [address_of(article)] * 2
    assert statuses(client, shown) == [(200, FOR_ALL)] * 2


def test_a_picture_of_a_reserved_text_is_for_whoever_reads_it(client: FlaskClient) -> None:
    address = address_of(written())
    make_contract(READER, **EVER)
    anybody, other = client.application.test_client(), client.application.test_client()
    sign_in(client, make_user(email=READER))
    sign_in(other, make_user(email="autre@exemple.fr"))

    assert pictures(client.get("/articles/texte/").text) == [address] * 2
    assert statuses(client, [address]) == [(200, FOR_ONE)]
    for visitor in (anybody, other):
        assert pictures(visitor.get("/articles/texte/").text) == []
        assert [status for status, _kept in statuses(visitor, [address, f"{address}?cle=x", f"{address}?cle=a.b"])] == [
            404, 404, 404,
        ]  # fmt: skip


def test_what_one_reads_before_the_offer_has_its_picture(client: FlaskClient) -> None:
    address = address_of(written(before=1, free_paragraphs=3))

    assert pictures(client.get("/articles/texte/").text) == [address] * 2
    assert statuses(client, [address]) == [(200, FOR_ONE)]


def test_a_key_that_opens_the_page_opens_its_pictures_and_no_others(client: FlaskClient) -> None:
    written()
    make_contract(READER, **EVER)
    sign_in(client, make_user(email=READER))
    made = client.post("/articles/texte/offrir/", follow_redirects=True).text
    link = re.search(r'href="http://localhost(/articles/texte/lire/[^"]+/)"', made)
    assert link is not None
    anybody = client.application.test_client()

    shown = pictures(anybody.get(link[1]).text)

    assert len(shown) == 2
    assert all("?cle=" in address for address in shown)
    assert statuses(anybody, shown) == [(200, FOR_ONE)] * 2
    assert [status for status, _kept in statuses(anybody, [shown[0].partition("?")[0]])] == [404]


def test_who_took_part_sees_the_pictures_of_the_report_by_the_link_of_the_seat(client: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    secret = db.session.scalars(sa.select(Registration.secret)).one()
    written(kind=ArticleKind.REPORT, study_day_id=day.id)

    shown = pictures(client.get(f"/inscriptions/{secret}/comptes-rendus/texte/").text)

    assert len(shown) == 2
    assert statuses(client, shown) == [(200, FOR_ONE)] * 2


@pytest.mark.parametrize("access", [Access.PUBLIC, Access.SUBSCRIBERS])
def test_asking_costs_visitors_one_query_more_at_most(client: FlaskClient, access: Access) -> None:
    address = address_of(written(access=access))
    db.session.expire_all()

    with counting_queries() as count:
        client.get(address)

    assert len([line for line in count.statements if line.startswith("SELECT")]) == (
        2 if access is Access.PUBLIC else 3
    )

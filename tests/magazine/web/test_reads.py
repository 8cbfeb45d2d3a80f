"""What readers of institutions open is counted, once a page, and nobody else's reading is."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.magazine.statuses import Access
from eventsapp.subscriptions.models import MonthlyReads
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import CANARY, make_article
from tests.support.makers.readers import found, joined, make_institution
from tests.support.makers.subscriptions import make_contract

ONE = "une@ville.example"

pytestmark = pytest.mark.usefixtures("frozen")


def reads() -> list[tuple[date, int]]:
    return [(row.month, row.reads) for row in db.session.scalars(sa.select(MonthlyReads))]


def test_a_page_and_a_pdf_count_and_a_look_without_a_right_does_not(client: FlaskClient) -> None:
    make_article(slug="reserve", access=Access.SUBSCRIBERS)
    make_article(slug="libre")
    contract = make_institution(5)
    user = make_user(email=ONE)
    client.get("/articles/reserve/")
    sign_in(client, user)
    client.get("/articles/reserve/")
    assert reads() == []
    joined(contract, ONE)

    assert CANARY in client.get("/articles/reserve/").text
    client.head("/articles/reserve/")
    client.get("/articles/libre/")
    assert reads() == [(date(2026, 11, 1), 1)]
    client.get("/articles/reserve.pdf")
    client.get("/articles/reserve/")

    assert reads() == [(date(2026, 11, 1), 3)]
    # By the link that a colleague gave, it is read in the name of the institution all the same.
    client.get("/articles/reserve/lire/une-clef/")
    client.get("/articles/reserve/lire/une-clef/article.pdf")
    assert reads() == [(date(2026, 11, 1), 5)]
    assert found(contract, ONE).last_active_on == date(2026, 11, 1)


def test_a_subscriber_of_their_own_is_not_counted(client: FlaskClient) -> None:
    make_article(slug="reserve", access=Access.SUBSCRIBERS)
    make_contract(ONE)
    sign_in(client, make_user(email=ONE))

    assert CANARY in client.get("/articles/reserve/").text
    assert reads() == []

"""Giving an article: by whom, the link, and taking it back."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.magazine.models import ArticleGift
from eventsapp.magazine.statuses import Access
from tests.magazine.web.test_site_reserved import EVER, pdf_text
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import CANARY, make_article, set_terms
from tests.support.makers.subscriptions import make_contract

GIVE = "/articles/reserve/offrir/"


@pytest.fixture
def subscriber(client: FlaskClient) -> FlaskClient:
    """A subscriber, signed in, and a reserved article."""
    make_article(slug="reserve", access=Access.SUBSCRIBERS)
    make_contract("lectrice@exemple.fr", **EVER)
    sign_in(client, make_user(email="lectrice@exemple.fr"))
    return client


def link_of(page: str) -> str:
    found = re.search(r'href="http://localhost(/articles/[^"]+/lire/[^"]+/)"', page)
    assert found is not None
    return found[1]


def test_a_subscriber_makes_a_link_that_opens_page_and_pdf_for_anybody(subscriber: FlaskClient) -> None:
    assert f'href="{GIVE}"' in subscriber.get("/articles/reserve/").text
    assert "Vous pouvez encore offrir 5 articles sur 5 ce mois-ci" in subscriber.get(GIVE).text

    made = subscriber.post(GIVE, follow_redirects=True)
    anybody = subscriber.application.test_client()
    page = anybody.get(link_of(made.text))
    paper = anybody.get(f"{link_of(made.text)}article.pdf")

    assert CANARY in page.text
    assert "Cet article vous est offert par Camille Exemple" in page.text
    assert '<link rel="canonical" href="http://localhost/articles/reserve/" />' in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert f'href="{link_of(made.text)}article.pdf"' in page.text
    assert "commenter" not in page.text
    assert GIVE not in page.text
    assert CANARY in pdf_text(paper.data)
    assert "qui l’offre" in pdf_text(paper.data)
    for answer in (made, page, paper):
        assert answer.headers["Cache-Control"] == "private, no-store"
    # One's own link opens nothing at the plain address, nor for the next visitor.
    assert CANARY not in anybody.get("/articles/reserve/").text


def test_a_link_taken_back_opens_nothing_and_says_so(subscriber: FlaskClient) -> None:
    link = link_of(subscriber.post(GIVE, follow_redirects=True).text)
    (gift,) = db.session.query(ArticleGift)

    answer = subscriber.post(f"{GIVE}{gift.id}/reprendre/", follow_redirects=True)
    anybody = subscriber.application.test_client()

    assert "Le lien n’ouvre plus l’article." in answer.text
    assert CANARY not in anybody.get(link).text
    assert "Ce lien de lecture n’est plus valable" in anybody.get(link).text
    assert anybody.get(f"{link}article.pdf").location == "/articles/reserve/#lire"


def test_the_link_of_one_article_opens_no_other(subscriber: FlaskClient) -> None:
    make_article(slug="autre", access=Access.SUBSCRIBERS)
    link = link_of(subscriber.post(GIVE, follow_redirects=True).text)
    anybody = subscriber.application.test_client()

    assert CANARY not in anybody.get(link.replace("/reserve/", "/autre/")).text
    assert anybody.get(f"{link}article.pdf".replace("/reserve/", "/autre/")).status_code == 303


def test_a_link_to_a_text_that_is_everybodys_leads_to_it(subscriber: FlaskClient) -> None:
    make_article(slug="libre")

    assert subscriber.get("/articles/libre/lire/x/").location == "/articles/libre/"
    assert subscriber.get("/articles/libre/lire/x/article.pdf").location == "/articles/libre/#lire"
    assert subscriber.get("/articles/inconnu/lire/x/").status_code == 404
    assert subscriber.get("/articles/inconnu/lire/x/article.pdf").status_code == 404


def test_when_the_month_is_used_up_the_page_says_so(subscriber: FlaskClient) -> None:
    set_terms(gifts_a_month=0)

    answer = subscriber.post(GIVE)

    assert answer.status_code == 409
    assert "les prochains le mois prochain" in answer.text
    assert db.session.query(ArticleGift).count() == 0


def test_nobody_else_gives(client: FlaskClient) -> None:
    make_article(slug="reserve", access=Access.SUBSCRIBERS)
    assert client.get(GIVE).status_code == 303
    assert client.post(GIVE).status_code == 303
    make_contract("ancien@exemple.fr", starts_on=date(2020, 1, 1), ends_on=date(2026, 11, 21))
    sign_in(client, make_user(email="ancien@exemple.fr"))

    page = client.get("/articles/reserve/")

    assert CANARY in page.text  # It came out while the subscription was paid for.
    assert "ce qui a paru pendant qu’il courait vous reste ouvert" in page.text
    assert GIVE not in page.text
    assert (client.get(GIVE).status_code, client.post(GIVE).status_code) == (403, 403)
    assert db.session.query(ArticleGift).count() == 0


def test_what_is_everybodys_is_not_given(subscriber: FlaskClient) -> None:
    make_article(slug="libre")

    assert "offrir" not in subscriber.get("/articles/libre/").text
    assert subscriber.post("/articles/libre/offrir/").status_code == 403


def test_one_takes_back_only_ones_own_links(subscriber: FlaskClient) -> None:
    subscriber.post(GIVE)
    (gift,) = db.session.query(ArticleGift)
    other = subscriber.application.test_client()
    sign_in(other, make_user(RoleName.EDITOR))

    assert other.post(f"{GIVE}{gift.id}/reprendre/").status_code == 404
    assert db.session.get_one(ArticleGift, gift.id).revoked_at is None


def test_the_other_links_stand_below(subscriber: FlaskClient) -> None:
    make_article(slug="autre", title="Un autre article", access=Access.SUBSCRIBERS)
    subscriber.post(GIVE)
    subscriber.post("/articles/autre/offrir/")

    page = subscriber.get(f"{GIVE}liens/").text

    assert "Le lien à donner" in page
    assert "Vos autres liens en cours" in page
    assert "Un autre article" in page
    assert "/reprendre/" in page

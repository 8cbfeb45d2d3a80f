"""Forms that anybody may send: not by robots, not in a hurry, not from yesterday."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.magazine.models import Comment
from tests.support.makers.magazine import make_article
from tests.support.makers.subscriptions import sign_in_subscriber
from tests.support.pages import Page
from tests.support.patience import opened

TYPED = {"author_name": "Dominique", "body": "Bien dit."}


@pytest.fixture(autouse=True)
def _signed_in(client: FlaskClient, frozen: None) -> None:
    """The form asked here is that of comments, which subscribers write."""
    sign_in_subscriber(client)


def send(client: FlaskClient, **changes: str) -> tuple[int, str]:
    answer = client.post("/articles/angers/commenter/", data=TYPED | changes)
    return answer.status_code, answer.text


@pytest.mark.parametrize("seconds", [0, 1, 2])
def test_a_form_sent_faster_than_anybody_reads_comes_back_with_what_was_typed(
    client: FlaskClient, seconds: int
) -> None:
    make_article(slug="angers")

    status, page = send(client, started=opened(client.application, ago=timedelta(seconds=seconds)))

    assert status == 422
    assert "parti très vite" in page
    assert Page(page).fields["body"] == "Bien dit."
    assert db.session.query(Comment).count() == 0


@pytest.mark.parametrize(
    "started",
    ["nonsense", "MTIzNA.forged", None],
)
def test_a_form_without_our_mark_or_from_yesterday_comes_back_with_a_new_one(
    client: FlaskClient, started: str | None
) -> None:
    make_article(slug="angers")
    mark = opened(client.application, ago=timedelta(hours=25)) if started is None else started

    status, page = send(client, started=mark)

    assert status == 422
    assert "resté ouvert longtemps" in page
    assert Page(page).fields["started"] not in {"", mark}
    assert db.session.query(Comment).count() == 0


def test_a_robot_that_fills_in_what_people_do_not_see_is_thanked_and_forgotten(client: FlaskClient) -> None:
    make_article(slug="angers")

    status, _page = send(client, website="http://casino.test", started=opened(client.application))

    assert status == 303
    assert db.session.query(Comment).count() == 0


def test_the_mark_of_the_page_is_the_one_that_counts(client: FlaskClient) -> None:
    make_article(slug="angers")
    page = Page(client.get("/articles/angers/commenter/").text)

    status, again = send(client, started=page.fields["started"])

    # Sent at once: too fast. The same mark a moment later is right, so it is not replaced.
    assert status == 422
    assert Page(again).fields["started"] == page.fields["started"]

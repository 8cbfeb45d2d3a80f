"""A report as who has a seat at its day reads it."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.magazine.statuses import Access, ArticleKind
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from tests.support.makers.magazine import CANARY, make_article
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_session, make_study_day


@pytest.fixture
def address(client: FlaskClient) -> str:
    """Where the one seat reads the reserved report of its day."""
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    make_article(
        slug="compte-rendu", access=Access.SUBSCRIBERS, kind=ArticleKind.REPORT, study_day_id=day.id,
        sessions=[make_session(day)],
    )  # fmt: skip
    return f"/inscriptions/{db.session.scalars(sa.select(Registration.secret)).one()}/comptes-rendus/compte-rendu/"


def test_the_link_of_a_seat_opens_the_report(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert CANARY in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert CANARY not in client.get("/articles/compte-rendu/").text


def test_a_cancelled_seat_is_led_to_everybodys_page(client: FlaskClient, address: str) -> None:
    db.session.execute(sa.update(Registration).values(status=RegistrationStatus.CANCELLED))
    db.session.commit()

    answer = client.get(address)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/articles/compte-rendu/")
    assert CANARY not in answer.text


def test_unknown_seats_and_articles_are_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address.replace("/compte-rendu/", "/inconnu/")).status_code == 404
    assert client.get("/inscriptions/inconnu/comptes-rendus/compte-rendu/").status_code == 404

"""The questionnaire as who came fills it in."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.surveys.models import SurveyReply
from tests.support.pages import Page
from tests.surveys.looking import a_day


@pytest.fixture
def address(client: FlaskClient) -> Iterator[str]:
    """Where the one person of a day that was yesterday answers."""
    _day, _seats, after = a_day()
    with time_machine.travel(after, tick=False):
        yield f"/inscriptions/{db.session.scalars(sa.select(Registration.secret)).one()}/questionnaire/"


def _answers() -> list[dict[str, str]]:
    return list(db.session.scalars(sa.select(SurveyReply.answers)))


def test_it_is_asked_on_the_private_page_answered_and_changed(client: FlaskClient, address: str) -> None:
    seat_page = address.removesuffix("questionnaire/")
    assert f'href="{address}"' in client.get(seat_page).text

    first = client.post(address, data={"overall": "4", "recommend": "9", "keep": "Les chiffres.", "csrf_token": ""})
    again = client.get(address)
    client.post(address, data={"overall": "2", "recommend": "", "keep": ""})

    assert (first.status_code, first.headers["Location"]) == (303, seat_page)
    assert (Page(again.text).fields["overall"], Page(again.text).fields["keep"]) == ("4", "Les chiffres.")
    assert "Vous avez déjà répondu" in again.text
    assert again.headers["Cache-Control"] == "private, no-store"
    assert _answers() == [{"overall": "2"}]


def test_what_is_wrong_stands_beside_its_question(client: FlaskClient, address: str) -> None:
    answer = client.post(address, data={"overall": "7", "keep": "Le café."})

    assert answer.status_code == 422
    assert 'id="overall-error"' in answer.text
    assert "Le café." in answer.text
    assert client.post(address, data={}).status_code == 422
    assert _answers() == []


def test_who_did_not_come_finds_it_closed(client: FlaskClient, address: str) -> None:
    db.session.execute(sa.update(Registration).values(status=RegistrationStatus.ABSENT))
    db.session.commit()

    assert "n’est pas ouvert" in client.get(address).text
    client.post(address, data={"overall": "4"})
    assert _answers() == []
    assert address not in client.get(address.removesuffix("questionnaire/")).text


def test_an_unknown_link_is_not_found(client: FlaskClient) -> None:
    assert client.get("/inscriptions/inconnu/questionnaire/").status_code == 404


def test_a_later_time_finds_it_closed(client: FlaskClient, address: str) -> None:
    with time_machine.travel(datetime.fromisoformat("2027-06-01T09:00:00+00:00"), tick=False):
        assert "n’est pas ouvert" in client.get(address).text

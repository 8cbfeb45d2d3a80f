"""The programme of a day, through its pages."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.study_days import queries
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import make_session, make_speaker, make_study_day
from tests.support.pages import Page

DAY = "/organisation/journees/journee/"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser in the office."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def _day() -> StudyDay:
    db.session.expire_all()
    day = queries.day_in_full("journee")
    assert day is not None
    return day


def test_a_whole_programme_is_typed_at_once(office: FlaskClient) -> None:
    make_study_day(slug="journee")

    answer = office.post(f"{DAY}programme/", data={"version": "1", "programme": "9:00 Accueil\n9:30-10:30 Finances"})

    assert answer.status_code == 303
    assert [(session.title, session.minutes) for session in _day().sessions] == [("Accueil", 30), ("Finances", 60)]


def test_a_session_is_added_with_people_new_and_known(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    known = make_speaker("Anne Petit")

    answer = office.post(
        f"{DAY}programme/nouvelle/",
        data={
            "version": "1", "title": "Finances", "kind": "panel", "starts": "10:00", "ends": "11:00", "room": "Loire",
            "talks-0-name": "Luc Moreau", "talks-0-role": "maire", "talks-0-rank": "2",
            "talks-1-name": "Anne Petit", "talks-1-rank": "1", "talks-1-chairs": "y", "talks-2-name": "",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    session = _day().sessions[0]
    assert (session.kind, session.room, session.starts_at) == ("panel", "Loire", datetime(2027, 2, 24, 9, tzinfo=UTC))
    assert [(talk.speaker.name, talk.role, talk.chairs) for talk in session.interventions] == [
        ("Anne Petit", "", True),
        ("Luc Moreau", "maire", False),
    ]
    assert session.interventions[0].speaker_id == known.id


def test_a_session_is_read_and_saved_without_loss(office: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    session = make_session(day, title="Finances", speakers=[make_speaker("Anne Petit")])
    fields = Page(office.get(f"{DAY}programme/{session.id}/").text).fields

    office.post(f"{DAY}programme/{session.id}/", data=fields | {"title": "Autre titre"})

    saved = _day().sessions[0]
    assert (saved.title, saved.interventions[0].affiliation) == (
        "Autre titre",
        "directrice générale des services, Ville",
    )


def test_somebody_is_taken_off_a_session(office: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    session = make_session(day, speakers=[make_speaker("Anne Petit"), make_speaker("Luc Moreau")])
    fields = Page(office.get(f"{DAY}programme/{session.id}/").text).fields

    office.post(f"{DAY}programme/{session.id}/", data=fields | {"talks-0-remove": "y"})

    assert [talk.speaker.name for talk in _day().sessions[0].interventions] == ["Luc Moreau"]


def test_asking_for_more_lines_writes_nothing_and_keeps_what_was_typed(office: FlaskClient) -> None:
    make_study_day(slug="journee")

    answer = office.post(
        f"{DAY}programme/nouvelle/", data={"version": "1", "more": "1", "title": "", "talks-0-name": "Anne Petit"}
    )

    fields = Page(answer.text).fields
    assert answer.status_code == 200
    assert fields["talks-0-name"] == "Anne Petit"
    assert "talks-4-name" in fields
    assert _day().sessions == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": ""}, "Donnez un titre à la séance."),
        ({"starts": "11:00", "ends": "10:00"}, "Indiquez une heure après le début."),
        ({"ends": "10:00"}, "Indiquez aussi le début."),
        ({"talks-0-role": "maire"}, "Indiquez le nom de cette personne."),
        ({"kind": "sieste"}, "Choisissez dans la liste."),
    ],
)
def test_a_session_that_will_not_do_says_why(office: FlaskClient, values: dict[str, str], told: str) -> None:
    make_study_day(slug="journee")

    answer = office.post(
        f"{DAY}programme/nouvelle/", data={"version": "1", "title": "Finances", "kind": "talk"} | values
    )

    assert answer.status_code == 422
    assert told in answer.text
    assert _day().sessions == []


def test_sessions_move_and_go_without_a_script(office: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    first, second = make_session(day, title="A", position=1), make_session(day, title="B", position=2)

    office.post(f"{DAY}programme/{second.id}/deplacer/", data={"vers": "haut"})
    assert [session.title for session in _day().sessions] == ["B", "A"]
    office.post(f"{DAY}programme/{first.id}/supprimer/")
    assert [session.title for session in _day().sessions] == ["B"]


def test_a_session_of_another_day_is_not_found_here(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    other = make_session(make_study_day())

    for address in ("", "deplacer/", "supprimer/"):
        assert office.post(f"{DAY}programme/{other.id}/{address}").status_code == 404

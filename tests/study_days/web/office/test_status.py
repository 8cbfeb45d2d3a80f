"""Publishing, postponing, cancelling, copying and removing a day, through their pages."""

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.study_days import queries
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import make_city, make_session, make_study_day

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


def test_publishing_says_what_is_missing_and_then_works(office: FlaskClient) -> None:
    day = make_study_day(slug="journee", status=StudyDayStatus.DRAFT)

    refused = office.post(f"{DAY}publier/")
    assert refused.status_code == 422
    assert "Au moins une séance au programme." in refused.text
    make_session(day)
    assert office.post(f"{DAY}publier/").status_code == 303
    assert _day().status is StudyDayStatus.PUBLISHED
    assert office.get("/journees/journee/").status_code == 200


def test_unpublishing_is_refused_once_somebody_is_registered(office: FlaskClient) -> None:
    make_study_day(slug="journee", seats_taken=1)

    answer = office.post(f"{DAY}depublier/")

    assert answer.status_code == 409
    assert "Des places sont prises" in answer.text


def test_postponing_and_reopening(office: FlaskClient) -> None:
    make_session(make_study_day(slug="journee", seats_taken=2))

    assert "2 personnes sont inscrites" in office.get(f"{DAY}reporter/").text
    office.post(f"{DAY}reporter/", data={"note": "La salle est fermée."})
    assert _day().status is StudyDayStatus.POSTPONED
    assert "La salle est fermée." in office.get("/journees/journee/").text
    office.post(f"{DAY}publier/")
    assert _day().status is StudyDayStatus.PUBLISHED


def test_cancelling_asks_for_the_city_and_names_the_consequence(office: FlaskClient) -> None:
    make_study_day(slug="journee", city=make_city("Évry"), seats_taken=12)

    assert "12 personnes sont inscrites" in office.get(f"{DAY}annuler/").text
    refused = office.post(f"{DAY}annuler/", data={"confirmation": "Paris", "note": "Trop peu d’inscrits."})
    assert refused.status_code == 422
    assert "Trop peu d’inscrits." in refused.text
    assert _day().status is StudyDayStatus.PUBLISHED
    office.post(f"{DAY}annuler/", data={"confirmation": "evry", "note": "Trop peu d’inscrits."})
    assert (_day().status, _day().status_note) == (StudyDayStatus.CANCELLED, "Trop peu d’inscrits.")


def test_a_copy_is_made_on_another_date(office: FlaskClient) -> None:
    make_session(make_study_day(slug="journee", city=make_city("Dijon")))

    answer = office.post(f"{DAY}dupliquer/", data={"on": "2028-03-08"})

    assert answer.location == "/organisation/journees/dijon-2028/"


def test_a_draft_is_deleted_and_a_published_day_is_not(office: FlaskClient) -> None:
    day = make_study_day(slug="journee")

    assert office.post(f"{DAY}supprimer/").status_code == 409
    day.status = StudyDayStatus.DRAFT
    db.session.commit()
    assert office.post(f"{DAY}supprimer/").status_code == 303
    assert queries.day_in_full("journee") is None

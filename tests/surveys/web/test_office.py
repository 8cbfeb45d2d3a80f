"""What the office sees of questionnaires, and what it asks."""

import io
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay
from eventsapp.surveys import queries
from eventsapp.surveys.statuses import SurveyKind
from tests.support.makers.accounts import make_user, sign_in
from tests.support.pages import Page
from tests.support.queries import QueryCount
from tests.surveys.looking import a_day, answer


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser in the office."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def _address(day: StudyDay, more: str = "") -> str:
    return f"/organisation/journees/{day.slug}/questionnaire/{more}"


def test_nothing_shows_before_the_third_answer(office: FlaskClient) -> None:
    day, seats, after = a_day(people=4)
    for seat_id in seats[:2]:
        answer(seat_id, after, overall="5", keep="Secret de deux")

    page = office.get(_address(day)).text
    assert "Secret de deux" not in page
    assert "Pas encore de résultats" in page
    assert "Secret de deux" not in office.get(_address(day, "resultats.csv")).text

    answer(seats[2], after, overall="3")
    page = office.get(_address(day)).text
    assert "Secret de deux" in page
    assert "moyenne 4,3" in page
    assert 'class="chart"' in page
    assert ["5", "2"] in Page(page).rows
    assert "claude.roux" not in page.lower()


def test_the_results_are_given_as_files_whose_texts_are_no_formulas(office: FlaskClient) -> None:
    day, seats, after = a_day(people=3)
    for seat_id in seats:
        answer(seat_id, after, recommend="10", improve="=HYPERLINK(1)")

    csv = office.get(_address(day, "resultats.csv"))
    sheet = office.get(_address(day, "resultats.xlsx"))

    assert '"\'=HYPERLINK(1)"' in csv.text
    assert csv.headers["Content-Disposition"] == f'attachment; filename="questionnaire-{day.slug}.csv"'
    rows = list(load_workbook(io.BytesIO(sheet.data)).active.iter_rows(values_only=True))
    assert rows[0] == ("Question", "Réponse", "Nombre")
    assert [row[1:] for row in rows if row[1] in {"10", "9"}] == [("9", 0), ("10", 3)]
    assert "roux" not in str(rows).lower()


def test_questions_are_worded_switched_off_and_added(office: FlaskClient) -> None:
    day, _seats, _after = a_day()
    page = Page(office.get(_address(day, "questions/")).text)
    data = dict(page.fields) | {
        "questions-0-label": "Votre note ?",
        "new_label": "Quelle salle ?",
        "new_kind": "choice",
        "new_options": "Grande\nPetite\nGrande\n",
    }
    del data["questions-3-asked"]

    assert office.post(_address(day, "questions/"), data=data).status_code == 303

    asked = queries.survey_of(day.id)
    assert asked.enabled
    assert asked.questions[0].label == "Votre note ?"
    assert [each.code for each in asked.questions if not each.asked] == ["venue"]
    added = asked.questions[-1]
    assert (added.code, added.kind, added.options) == ("1", SurveyKind.CHOICE, ("Grande", "Petite"))
    office.post(_address(day, "questions/"), data={**data, "new_label": "Encore ?", "new_kind": "text"})
    assert [each.code for each in queries.survey_of(day.id).questions][-2:] == ["1", "2"]


@pytest.mark.parametrize(
    "wrong", [{"new_label": "Laquelle ?", "new_kind": "choice", "new_options": "Une"}, {"questions-0-label": ""}]
)
def test_a_question_that_cannot_be_asked_is_refused(office: FlaskClient, wrong: dict[str, str]) -> None:
    day, _seats, _after = a_day()
    data = dict(Page(office.get(_address(day, "questions/")).text).fields)

    assert office.post(_address(day, "questions/"), data=data | wrong).status_code == 422
    assert len(queries.survey_of(day.id).questions) == 7


def test_the_questionnaire_is_switched_off(office: FlaskClient) -> None:
    day, _seats, _after = a_day()
    data = dict(Page(office.get(_address(day, "questions/")).text).fields)
    del data["enabled"]

    office.post(_address(day, "questions/"), data=data)

    assert not queries.survey_of(day.id).enabled
    assert "coupé pour cette journée" in office.get(_address(day)).text


@pytest.mark.parametrize("people", [3, 12])
def test_results_ask_three_queries(
    people: int, office: FlaskClient, count_queries: AbstractContextManager[QueryCount]
) -> None:
    day, seats, after = a_day(people=people)
    for seat_id in seats:
        answer(seat_id, after, overall="5")
    db.session.commit()
    key = day.id

    with count_queries as count:
        found = queries.results(key)

    assert (found.people, found.replies, found.percent) == (people, people, 100)
    assert count() == 3
    assert office.get(_address(day)).status_code == 200

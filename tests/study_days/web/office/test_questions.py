"""The questions of a day in the office: asked, changed, moved, retired, counted."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.study_days import queries
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.study_days.statuses import QuestionKind, QuestionScope
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("frozen")
PAGE = "/organisation/journees/angers/questions/"
FORM = {
    "label": "Votre repas",
    "scope": "person",
    "kind": "choice",
    "options": "Tout | All\nVégétarien",
    "keep_days": "30",
}


@pytest.fixture
def day(client: FlaskClient) -> StudyDay:
    sign_in(client, make_user(RoleName.ORGANISER))
    return make_study_day(slug="angers")


def asked() -> list[tuple[str, bool]]:
    """Return the codes in their order, and whether each is still asked."""
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Question).order_by(Question.position))
    return [(row.code, row.retired_at is None) for row in rows]


def test_a_question_is_added_and_read_back(client: FlaskClient, day: StudyDay) -> None:
    answer = client.post(PAGE, data={**FORM, "required": "y", "sensitive": "y"})

    assert answer.status_code == 303
    question = db.session.scalars(sa.select(Question)).one()
    assert (question.study_day_id, question.code, question.kind, question.scope) == (
        day.id,
        "votre-repas",
        QuestionKind.CHOICE,
        QuestionScope.PERSON,
    )
    assert question.choices == {"Tout": "All", "Végétarien": "Végétarien"}
    assert (question.required, question.sensitive, question.keep_days) == (True, True, 30)
    assert "Votre repas" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"label": ""}, "label"),
        ({"options": "Une seule"}, "options"),
        ({"options": "\n".join(f"n° {n}" for n in range(31))}, "options"),
        ({"options": "a\n" + "x" * 101}, "options"),
        ({"keep_days": "-1"}, "keep_days"),
        ({"keep_days": "beaucoup"}, "keep_days"),
        ({"kind": "drawing"}, "kind"),
        ({"kind": "file", "scope": "order"}, "scope"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    client: FlaskClient, day: StudyDay, changes: dict[str, str], field: str
) -> None:
    answer = client.post(PAGE, data=FORM | changes)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert queries.questions_of(day.id) == []


def test_questions_are_moved(client: FlaskClient, day: StudyDay) -> None:
    make_question(day, "a", kind=QuestionKind.TEXT, position=1)
    second = make_question(day, "b", kind=QuestionKind.TEXT, position=2)

    client.post(f"{PAGE}{second.id}/deplacer/", data={"vers": "haut"})

    assert [code for code, _asked in asked()] == ["b", "a"]


def test_one_nobody_answered_goes_and_one_that_was_is_retired_and_may_return(
    client: FlaskClient, day: StudyDay
) -> None:
    meal, other = make_question(day), make_question(day, "autre", kind=QuestionKind.TEXT, position=2)
    place(seats(day, an_attendee(1, answers={"repas": "Tout"})))
    keys = (meal.id, other.id)

    for key in keys:
        assert client.post(f"{PAGE}{key}/retirer/").status_code == 303

    assert asked() == [("repas", False)]
    assert "Questions retirées" in client.get(PAGE).text
    client.post(f"{PAGE}{keys[0]}/reposer/")
    assert asked() == [("repas", True)]


def test_what_was_answered_keeps_its_kind_and_stays_reserved(client: FlaskClient, day: StudyDay) -> None:
    question = make_question(day, sensitive=True)
    place(seats(day, an_attendee(1, answers={"repas": "Tout"})))
    address = f"{PAGE}{question.id}/"

    kind = client.post(address, data={**FORM, "kind": "text", "sensitive": "y"})
    opened = client.post(address, data=FORM)
    said_otherwise = client.post(address, data={**FORM, "sensitive": "y"})

    assert (kind.status_code, opened.status_code, said_otherwise.status_code) == (409, 409, 303)


def test_answers_are_counted_in_words(client: FlaskClient, day: StudyDay) -> None:
    make_question(day)
    place(seats(day, *(an_attendee(n, answers={"repas": "Végétarien"}) for n in range(1, 4))))

    assert "3 Végétarien" in client.get(PAGE).text


def test_a_question_of_another_day_is_not_found(client: FlaskClient, day: StudyDay) -> None:
    other = make_question(make_study_day(slug="lyon"))

    assert day.id != other.study_day_id
    assert client.get(f"{PAGE}{other.id}/").status_code == 404
    assert client.post(f"{PAGE}{other.id}/retirer/").status_code == 404

"""The organiser's questions on the registration form: asked, checked beside their field, kept, never lost."""

import json
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Answer
from eventsapp.study_days.models import Question
from eventsapp.study_days.statuses import QuestionKind, QuestionScope
from tests.checkout.web.sending import count, open_day, send
from tests.support.makers.questions import make_question
from tests.support.queries import QueryCount

MEAL = "attendees-0-answers-repas"


def kept() -> dict[str, Any]:
    """Return the answers by the code of their question; ``order`` before those that were given once for all."""
    rows = db.session.execute(
        sa.select(Question.code, Answer.registration_id, Answer.content).join(Answer.question)
    ).all()
    return {code if seat else f"order/{code}": json.loads(content) for code, seat, content in rows}


def test_every_kind_is_asked_and_kept(client: FlaskClient) -> None:
    day = open_day()
    for position, (code, kind) in enumerate(
        (
            ("repas", QuestionKind.CHOICE),
            ("ateliers", QuestionKind.CHOICES),
            ("licence", QuestionKind.TEXT),
            ("attentes", QuestionKind.LONG_TEXT),
            ("annees", QuestionKind.NUMBER),
            ("arrivee", QuestionKind.DATE),
            ("photo", QuestionKind.CONSENT),
        )
    ):
        make_question(day, code, kind=kind, position=position)
    make_question(day, "origine", kind=QuestionKind.TEXT, scope=QuestionScope.ORDER)

    page = client.get(f"/journees/{day.slug}/inscription/").text
    answer = send(
        client,
        day,
        {
            MEAL: "Végétarien",
            "attendees-0-answers-ateliers": "Tout",
            "attendees-0-answers-licence": "  A  12 ",
            "attendees-0-answers-attentes": "Une\r\nautre",
            "attendees-0-answers-annees": "12",
            "attendees-0-answers-arrivee": "2027-02-24",
            "attendees-0-answers-photo": "y",
            "answers-origine": "Un courriel",
        },
    )

    for name in ("repas", "ateliers", "licence", "attentes", "annees", "arrivee", "photo"):
        assert f'name="attendees-0-answers-{name}"' in page
    assert 'name="answers-origine"' in page
    assert answer.status_code == 303
    assert kept() == {
        "repas": "Végétarien",
        "ateliers": ["Tout"],
        "licence": "A 12",
        "attentes": "Une\nautre",
        "annees": 12,
        "arrivee": "2027-02-24",
        "photo": True,
        "order/origine": "Un courriel",
    }


def test_a_missing_answer_is_said_beside_its_question_and_nothing_is_lost(client: FlaskClient) -> None:
    day = open_day()
    make_question(day, required=True)
    make_question(day, "licence", kind=QuestionKind.TEXT, position=2)

    answer = send(client, day, {"attendees-0-answers-licence": "A12"})

    assert answer.status_code == 422
    assert 'id="attendees-0-answers-repas-error"' in answer.text
    assert 'href="#attendees-0-answers-repas"' in answer.text
    assert 'value="A12"' in answer.text
    assert count(Order) == 0


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (QuestionKind.CHOICE, "Caviar"),
        (QuestionKind.CHOICES, "Caviar"),
        (QuestionKind.TEXT, "x" * 201),
        (QuestionKind.TEXT, "a\u202eb"),
        (QuestionKind.LONG_TEXT, "x" * 2001),
        (QuestionKind.NUMBER, "-1"),
        (QuestionKind.NUMBER, "²"),
        (QuestionKind.NUMBER, "9" * 5000),
        (QuestionKind.DATE, "hier"),
        (QuestionKind.DATE, "0001-01-01"),
    ],
)
def test_what_does_not_fit_is_refused(client: FlaskClient, kind: QuestionKind, value: str) -> None:
    day = open_day()
    make_question(day, "repas", kind=kind)

    answer = send(client, day, {MEAL: value})

    assert answer.status_code == 422
    assert 'id="attendees-0-answers-repas-error"' in answer.text
    assert count(Order) == 0


def test_whoever_is_named_later_answers_later_and_a_retired_question_is_not_asked(client: FlaskClient) -> None:
    day = open_day()
    make_question(day, required=True)
    make_question(day, "ancienne", kind=QuestionKind.TEXT, required=True, retired_at=day.created_at)

    answer = send(
        client,
        day,
        {
            MEAL: "Tout",
            "attendees-1-name_later": "y",
            "attendees-1-rate": "standard",
            "attendees-1-answers-repas": "Sans porc",
            "attendees-0-answers-ancienne": "dite quand même",
        },
    )

    assert answer.status_code == 303
    assert kept() == {"repas": "Tout"}


def test_taking_somebody_out_keeps_the_answers_of_the_others(client: FlaskClient) -> None:
    day = open_day()
    make_question(day)
    people = {
        f"attendees-{n}-{name}": text
        for n, meal in enumerate(("Tout", "Sans porc"))
        for name, text in (("last_name", f"Nom{n}"), ("rate", "standard"), ("answers-repas", meal))
    }

    page = send(client, day, {**people, "remove_attendee": "0"})

    assert page.status_code == 200
    assert 'checked id="attendees-0-answers-repas-1"' in page.text


def test_the_basket_keeps_the_answers(client: FlaskClient) -> None:
    day = open_day()
    make_question(day, required=True)
    make_question(day, "origine", kind=QuestionKind.TEXT, scope=QuestionScope.ORDER, position=2)

    refused = send(client, day, {"basket": "1"})
    taken = send(client, day, {MEAL: "Tout", "answers-origine": "Un ami", "basket": "1"})
    page = client.get(f"/journees/{day.slug}/inscription/").text

    assert refused.status_code == 422
    assert taken.status_code == 303
    assert 'value="Un ami"' in page
    assert 'checked id="attendees-0-answers-repas-2"' in page


def test_questions_are_asked_in_english_where_they_have_it(client: FlaskClient) -> None:
    day = open_day()
    make_question(day)

    page = client.get(f"/en/journees/{day.slug}/inscription/").text

    assert "Vegetarian" in page
    assert 'value="Végétarien"' in page
    assert ">Meal" in page


@pytest.mark.parametrize("questions", [1, 6])
def test_questions_cost_one_query_however_many_there_are(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], questions: int
) -> None:
    day = open_day()
    for position in range(questions):
        make_question(day, f"question-{position}", kind=QuestionKind.TEXT, position=position)

    with count_queries as counted:
        client.get(f"/journees/{day.slug}/inscription/")

    assert counted() == 8

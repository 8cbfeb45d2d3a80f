"""Answers to the organiser's questions, by program."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.registrations.models import Answer
from eventsapp.study_days.statuses import QuestionKind, QuestionScope
from tests.api.web.orders import post
from tests.support.makers import api
from tests.support.makers.api import attendee, seats
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import make_study_day


def test_answers_are_kept(client: FlaskClient) -> None:
    day = make_study_day()
    make_question(day, required=True)

    answer = post(client, api.order(seats(day, attendee(answers={"repas": "Végétarien"}))))

    assert answer.status_code == 201, answer.text
    assert db.session.scalars(sa.select(Answer)).one().value == "Végétarien"


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({}, "/items/0/attendees/0/answers/repas"),
        ({"repas": "Caviar"}, "/items/0/attendees/0/answers/repas"),
        ({"repas": {"a": ["b"]}}, "/items/0/attendees/0/answers/repas"),
        ({"repas": "Tout", "inconnue": 1}, "/items/0/attendees/0/answers/inconnue"),
        ({"x" * 41: 1}, "/items/0/attendees/0/answers"),
        ({"\x00": 1}, "/items/0/attendees/0/answers"),
        (["repas"], "/items/0/attendees/0/answers"),
    ],
)
def test_what_is_wrong_has_its_pointer(client: FlaskClient, answers: Any, pointer: str) -> None:
    day = make_study_day()
    make_question(day, required=True)

    answer = post(client, api.order(seats(day, attendee(answers=answers))))

    assert answer.status_code == 422
    assert pointer in answer.get_json()["errors"]


def test_a_file_follows_on_the_page_that_the_order_gives(client: FlaskClient) -> None:
    day = make_study_day()
    make_question(day, "arrete", kind=QuestionKind.FILE, required=True)

    answer = post(client, api.order(seats(day, attendee(), attendee(first_name="Alix"))))

    assert answer.status_code == 201, answer.text
    given = answer.get_json()["files_to_give"]
    assert [(each["question"], each["label"]) for each in given] == [("arrete", "Arrete")] * 2
    assert 'type="file"' in client.get(given[0]["url"]).text


def test_what_no_program_can_give_says_where_it_is_given(client: FlaskClient) -> None:
    day = make_study_day()
    make_question(day, "arrete", kind=QuestionKind.FILE, required=True)
    sent = post(client, api.order(seats(day, attendee(answers={"arrete": "JVBERi0="}))))
    make_question(day, "plan", kind=QuestionKind.FILE, scope=QuestionScope.ORDER, required=True)
    of_all = post(client, api.order(seats(day, attendee())))

    assert (sent.status_code, of_all.status_code) == (422, 422)
    assert "la page de la place le demande" in sent.get_json()["errors"]["/items/0/attendees/0/answers/arrete"]
    assert "par son formulaire, sur le site" in of_all.get_json()["errors"]["/items/0/answers/plan"]

"""Answers to the organiser's questions, by program."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.registrations.models import Answer
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

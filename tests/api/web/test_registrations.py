"""Participants as an organiser's program reads them."""

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.api.statuses import Scope
from eventsapp.core.db import db
from eventsapp.registrations import queries
from eventsapp.study_days.statuses import StudyDayStatus
from tests.api.web.counting import queries_with
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.api import bearer, make_token
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import make_study_day


def _path(slug: str) -> str:
    return f"/api/v1/study-days/{slug}/registrations"


def test_the_participants_are_listed_by_name(client: FlaskClient) -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(2, job_title="DGS", access_needs="boucle magnétique"), an_attendee(1)))
    place(seats(make_study_day(), an_attendee(3)))

    codes = {seat.last_name: seat.ticket_code for seat in queries.of_day(day.id)}

    answer = client.get(_path(day.slug), headers=bearer(make_token(Scope.ORGANISER)))

    assert answer.status_code == 200
    assert answer.get_json() == {
        "items": [
            {
                "first_name": "Claude",
                "last_name": f"Roux{number}",
                "email": f"claude.roux{number}@ville-exemple.fr",
                "named": True,
                "code": codes[f"Roux{number}"],
                "job_title": job_title,
                "organisation": "Ville d’Exemple",
                "status": "confirmed",
                "rate": "standard",
                "order_reference": order.reference,
                "answers": {},
            }
            for number, job_title in ((1, ""), (2, "DGS"))
        ],
        "page": 1,
        "pages": 1,
        "total": 2,
    }
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "boucle" not in answer.text
    assert order.secret not in answer.text


def test_a_seat_without_a_name_says_so_and_comes_last(client: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, unnamed(), an_attendee(1)))

    answer = client.get(_path(day.slug), headers=bearer(make_token(Scope.ORGANISER)))

    shown = [(row["last_name"], row["named"]) for row in answer.get_json()["items"]]
    assert shown == [("Roux1", True), ("", False)]


def test_a_seat_that_is_only_held_has_no_ticket_yet(client: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)), payment_method="card")

    answer = client.get(_path(day.slug), headers=bearer(make_token(Scope.ORGANISER)))

    assert [(row["status"], row["code"]) for row in answer.get_json()["items"]] == [("held", "")]


def test_a_day_taken_back_keeps_its_participants(client: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day))
    day.status = StudyDayStatus.DRAFT
    db.session.commit()

    answer = client.get(_path(day.slug), headers=bearer(make_token(Scope.ORGANISER)))

    assert answer.get_json()["total"] == 1


@pytest.mark.parametrize("scope", [Scope.DOOR, Scope.EDITOR, Scope.ACCOUNTANT])
def test_names_are_for_organisers_only(client: FlaskClient, scope: Scope) -> None:
    day = make_study_day()
    place(seats(day))
    token = make_token(scope)

    answers = [
        client.get(_path(day.slug), headers=bearer(token)),
        client.get(_path("nulle-part"), headers=bearer(token)),
    ]

    assert [(answer.status_code, answer.get_json()["type"]) for answer in answers] == [(403, "/problems/forbidden")] * 2
    assert "Roux" not in answers[0].text


def test_a_session_of_the_site_opens_nothing(client: FlaskClient) -> None:
    day = make_study_day()
    sign_in(client, make_user(RoleName.ADMINISTRATOR))

    answer = client.get(_path(day.slug))

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')


def test_an_unknown_day_is_not_found(client: FlaskClient) -> None:
    assert client.get(_path("nulle-part"), headers=bearer(make_token(Scope.ORGANISER))).status_code == 404


def test_the_list_asks_the_same_number_of_queries(client: FlaskClient) -> None:
    day, token = make_study_day(), make_token(Scope.ORGANISER)
    people = iter(range(100))

    def register(number: int) -> None:
        for _each in range(number // 3):
            place(seats(day, *(an_attendee(next(people)) for _person in range(3))))

    few, many = queries_with(client, _path(day.slug), register, headers=bearer(token))

    assert few == many <= 4

"""The door, as scanners and programs open it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.api.statuses import Scope
from eventsapp.attendance.models import CheckIn
from eventsapp.core.db import db
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.api import bearer, make_token
from tests.support.makers.attendance import ARRIVAL, codes_of, make_open_day, retire, seats_of
from tests.support.makers.study_days import NOW
from tests.support.queries import counting_queries


def _path(day: StudyDay | str) -> str:
    return f"/api/v1/study-days/{day if isinstance(day, str) else day.slug}/check-ins"


def _door(name: str = "Lecteur 1") -> dict[str, str]:
    return bearer(make_token(Scope.DOOR, name=name))


def test_a_ticket_lets_in_and_says_who_else_is_awaited(client: FlaskClient) -> None:
    day = make_open_day(2)
    other = seats_of(day)[1].id

    answer = client.post(_path(day), json={"code": codes_of(day)[0]}, headers=_door())

    assert answer.status_code == 200
    shown = answer.get_json()
    assert shown.pop("admitted_at").startswith("2026-11-23T10:00:0")
    assert shown == {
        "status": "admitted",
        "name": "Claude Roux1",
        "rate": "Non-abonné",
        "booked_by": "Ville d’Exemple",
        "others": [{"id": other, "name": "Claude Roux2", "rate": "Non-abonné"}],
    }
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert db.session.query(CheckIn).one().by_label == "Jeton « Lecteur 1 »"


def test_the_second_door_is_told_when_and_where_and_its_try_is_kept(client: FlaskClient) -> None:
    day = make_open_day()
    door = _door()
    code = codes_of(day)[0]
    client.post(_path(day), json={"code": code, "device": "Porte A"}, headers=door)

    answer = client.post(_path(day), json={"code": code, "device": "Porte B"}, headers=door)

    problem = answer.get_json()
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert (problem["type"], problem["device"]) == ("/problems/already-admitted", "Porte A")
    assert problem["admitted_at"].startswith("2026-11-23T10:00:0")
    assert "Porte A" in problem["detail"]
    assert [(row.outcome.value, row.device) for row in db.session.query(CheckIn).order_by(CheckIn.id)] == [
        ("admitted", "Porte A"),
        ("already", "Porte B"),
    ]


@pytest.mark.parametrize(
    ("change", "status", "problem"),
    [
        ("retired", 410, "ticket-retired"),
        (RegistrationStatus.CANCELLED, 409, "seat-cancelled"),
        (RegistrationStatus.HELD, 409, "seat-held"),
        ("elsewhere", 404, "not-for-this-day"),
        ("unknown", 404, "not-for-this-day"),
    ],
)
def test_a_ticket_that_lets_nobody_in_says_why(client: FlaskClient, change: Any, status: int, problem: str) -> None:
    day = make_open_day()
    code = codes_of(day)[0]
    if change == "retired":
        code = "ancien-billet"
        retire(seats_of(day)[0], code=code)
    elif change == "elsewhere":
        code = codes_of(make_open_day())[0]
    elif change == "unknown":
        code = "personne"
    else:
        seats_of(day)[0].status = change
        db.session.commit()

    answer = client.post(_path(day), json={"code": code}, headers=_door())

    assert (answer.status_code, answer.get_json()["type"]) == (status, f"/problems/{problem}")
    assert "admitted_at" not in answer.get_json()


def test_after_the_day_a_ticket_is_refused_for_that_reason_and_what_was_read_on_the_day_is_taken(
    client: FlaskClient,
) -> None:
    day = make_open_day(2)
    one, other = codes_of(day)
    door = _door()

    with time_machine.travel(ARRIVAL + timedelta(days=1)):
        answer = client.post(_path(day), json={"code": one}, headers=door)
        scans = [{"code": one, "key": "late"}, {"code": other, "at": ARRIVAL.isoformat(), "key": "kept"}]
        batch = client.post(f"{_path(day)}/batch", json={"check_ins": scans}, headers=door)

    problem = answer.get_json()
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert (problem["type"], problem["title"]) == ("/problems/day-over", "Journée passée")
    assert problem["detail"].startswith("Cette journée est passée")
    results = batch.get_json()["results"]
    assert [(row["status"], row["name"]) for row in results] == [
        ("day_over", "Claude Roux1"),
        ("admitted", "Claude Roux2"),
    ]
    assert results[0]["detail"] == problem["detail"]
    assert [row.at for row in db.session.query(CheckIn)] == [ARRIVAL]


def test_a_lost_answer_is_asked_again_with_its_key(client: FlaskClient) -> None:
    day = make_open_day()
    door = _door()
    body = {"code": codes_of(day)[0], "key": "lecteur-1-42", "at": (NOW - timedelta(minutes=20)).isoformat()}

    answers = [client.post(_path(day), json=body, headers=door) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[0].get_json()["admitted_at"] == "2026-11-23T09:40:00+01:00"
    assert db.session.query(CheckIn).count() == 1


def test_what_a_device_kept_has_an_answer_each_and_no_refusal_stops_it(client: FlaskClient) -> None:
    day = make_open_day(2)
    one, other = codes_of(day)
    scans = [
        {"code": one, "at": (NOW - timedelta(minutes=9)).isoformat(), "device": "B", "key": "b1"},
        {"code": one, "at": (NOW - timedelta(minutes=10)).isoformat(), "device": "B", "key": "b2"},
        {"code": "personne", "key": "b3"},
        {"code": other, "key": "b4"},
    ]

    answer = client.post(_path(day) + "/batch", json={"check_ins": scans}, headers=_door())

    results = answer.get_json()["results"]
    assert answer.status_code == 200
    assert [(row["key"], row["status"], row["name"]) for row in results] == [
        ("b1", "already", "Claude Roux1"),
        ("b2", "admitted", "Claude Roux1"),
        ("b3", "unknown", ""),
        ("b4", "admitted", "Claude Roux2"),
    ]
    assert (results[0]["device"], results[0]["admitted_at"]) == ("B", "2026-11-23T09:50:00+01:00")
    assert results[0]["detail"]


@pytest.mark.parametrize("count", [0, 501])
def test_a_batch_is_bounded(client: FlaskClient, count: int) -> None:
    day = make_open_day(0)

    answer = client.post(_path(day) + "/batch", json={"check_ins": [{"code": "x"}] * count}, headers=_door())

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["/check_ins"])


@pytest.mark.parametrize("scope", [Scope.ORGANISER, Scope.EDITOR, Scope.ACCOUNTANT])
@pytest.mark.parametrize("ending", ["", "/batch"])
def test_only_the_door_opens(client: FlaskClient, scope: Scope, ending: str) -> None:
    day = make_open_day()

    answers = [
        client.post(_path(day) + ending, json={"code": codes_of(day)[0]}, headers=bearer(make_token(scope))),
        client.post(_path("nulle-part") + ending, json={}, headers=bearer(make_token(scope))),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert db.session.query(CheckIn).count() == 0


def test_a_session_of_the_site_opens_no_door_here(client: FlaskClient) -> None:
    day = make_open_day()
    sign_in(client, make_user(RoleName.ADMINISTRATOR))

    assert client.post(_path(day), json={"code": codes_of(day)[0]}).status_code == 401


def test_an_unknown_day_is_not_found(client: FlaskClient) -> None:
    assert client.post(_path("nulle-part"), json={"code": "x"}, headers=_door()).status_code == 404


def test_one_ticket_among_three_hundred_asks_no_more_than_among_three(client: FlaskClient) -> None:
    door = _door()
    counts = []
    for people in (3, 20):
        day = make_open_day(people, capacity=400)
        code = codes_of(day)[0]
        db.session.expire_all()
        with counting_queries() as count:
            assert client.post(_path(day), json={"code": code}, headers=door).status_code == 200
        counts.append(count())

    assert counts[0] == counts[1] <= 13

"""What a phone hands over late, or wrongly: each scan has its answer, and a refused request its reason."""

from datetime import timedelta

import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.attendance.models import CheckIn
from eventsapp.core.db import db
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import ARRIVAL, codes_of, door_of, kept_scan, make_open_day, seats_of


def test_a_phone_that_stayed_offline_hands_over_days_later_but_opens_no_page(phone: FlaskClient) -> None:
    day = make_open_day()
    body = {"scans": [kept_scan("a", code=codes_of(day)[0])]}

    answers = []
    for days in (2, 9):
        with time_machine.travel(ARRIVAL + timedelta(days=days)):
            sign_in(phone, make_user(RoleName.DOOR))
            answers += [
                phone.get(door_of(day)).status_code,
                phone.post(f"{door_of(day)}passages", json=body).status_code,
            ]

    assert answers == [403, 200, 403, 403]
    assert db.session.query(CheckIn).one().at == ARRIVAL


def test_what_was_scanned_after_the_day_is_refused_in_words_and_holds_up_nothing_else(phone: FlaskClient) -> None:
    day = make_open_day(2)
    one, other = codes_of(day)
    late = ARRIVAL + timedelta(days=1)
    scans = [kept_scan("a", code=one), kept_scan("b", code=other, at=late.isoformat())]

    with time_machine.travel(late):
        sign_in(phone, make_user(RoleName.DOOR))
        answer = phone.post(f"{door_of(day)}passages", json={"scans": scans})

    told = [(row["key"], row["outcome"], row["name"], row["title"]) for row in answer.get_json()["results"]]
    assert told == [("a", "admitted", "Claude Roux1", ""), ("b", "day_over", "Claude Roux2", "Journée passée")]
    assert answer.get_json()["results"][1]["detail"].startswith("Cette journée est passée")
    assert [row.at for row in db.session.query(CheckIn)] == [ARRIVAL]


def test_an_entry_taken_back_after_the_day_stays_and_one_taken_back_on_it_goes(phone: FlaskClient) -> None:
    day = make_open_day(2)
    one, other = seats_of(day)
    late = ARRIVAL + timedelta(days=1)
    phone.post(f"{door_of(day)}passages", json={"scans": [kept_scan("a", seat=one.id), kept_scan("b", seat=other.id)]})
    scans = [
        kept_scan("c", undo="a", seat=one.id, at=late.isoformat()),
        kept_scan("d", undo="b", seat=other.id, at=(ARRIVAL + timedelta(hours=1)).isoformat()),
    ]

    with time_machine.travel(late):
        sign_in(phone, make_user(RoleName.DOOR))
        answer = phone.post(f"{door_of(day)}passages", json={"scans": scans})

    told = [(row["key"], row["outcome"], row["title"]) for row in answer.get_json()["results"]]
    assert told == [("c", "day_over", "Journée passée"), ("d", "undone", "")]
    assert [seat.status.value for seat in seats_of(day)] == ["attended", "confirmed"]


def test_a_hand_over_that_is_refused_says_why_to_the_script(phone: FlaskClient) -> None:
    day = make_open_day(2)
    one, other = codes_of(day)
    phone.post(f"{door_of(day)}passages", json={"scans": [kept_scan("a", code=one)]})

    answer = phone.post(f"{door_of(day)}passages", json={"scans": [kept_scan("a", code=other)]})

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.get_json()["detail"] == "Cette clé a déjà servi pour un autre billet."

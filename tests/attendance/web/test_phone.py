"""What a phone at the door keeps, and hands over."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import queries, service
from eventsapp.attendance.models import CheckIn
from eventsapp.attendance.statuses import Source
from eventsapp.attendance.values import Marks
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.registrations import service as registrations
from eventsapp.registrations.statuses import NamedBy, RegistrationStatus
from eventsapp.registrations.values import Person
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import (
    ARRIVAL,
    codes_of,
    door_of,
    kept_scan,
    make_door,
    make_open_day,
    scan,
    seats_of,
)
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.pages import Page
from tests.support.queries import counting_queries


def test_the_list_has_names_and_fingerprints_and_nothing_that_opens_a_door(phone: FlaskClient) -> None:
    day = make_open_day(2)
    code = codes_of(day)[0]
    seats_of(day)[1].status = RegistrationStatus.HELD
    db.session.commit()
    phone.post(door_of(day), data={"code": code})

    answer = phone.get(f"{door_of(day)}liste.json")

    seat = seats_of(day)[0]
    listed = answer.get_json()
    assert listed["tickets"] == [
        {
            "id": seat.id,
            "hash": hashlib.sha256(code.encode()).hexdigest(),
            "name": "Claude Roux1",
            "payer": "Ville d’Exemple",
            "order": seat.order_line.order_id,
            "rate": "Non-abonné",
            "absent": False,
            "at": "2027-02-24T09:05:00+01:00",
            "entry": f"entry-{db.session.query(CheckIn.id).scalar()}",
        }
    ]
    assert listed["counts"] == {"arrived": 1, "expected": 1}
    assert listed["until"] == (day.ends_at + timedelta(hours=12)).isoformat()
    for secret in (code, seat.secret, seat.email, seat.order_line.order.secret):
        assert secret not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_was_scanned_is_handed_over_once_each_with_its_answer(phone: FlaskClient) -> None:
    day = make_open_day(2)
    one, other = codes_of(day)[0], seats_of(day)[1].id
    scans = [
        kept_scan("a", code=one),
        kept_scan("b", seat=other, at=(ARRIVAL - timedelta(minutes=3)).isoformat()),
        kept_scan("c", code=one, at=(ARRIVAL + timedelta(hours=2)).isoformat()),
        kept_scan("d", code="personne"),
    ]

    answers = [phone.post(f"{door_of(day)}passages", json={"scans": scans}) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    results, again = ([row | {"others": []} for row in answer.get_json()["results"]] for answer in answers)
    assert results == again
    assert [(row["key"], row["outcome"], row["name"]) for row in results] == [
        ("a", "admitted", "Claude Roux1"),
        ("b", "admitted", "Claude Roux2"),
        ("c", "already", "Claude Roux1"),
        ("d", "unknown", ""),
    ]
    assert results[2]["detail"] == "Claude Roux1\u00a0: billet déjà passé à 9\u00a0h\u00a005 (Porte A)."
    assert db.session.query(CheckIn).count() == 3


def test_the_list_draws_the_arrivals_as_the_page_does(phone: FlaskClient) -> None:
    day = make_open_day(3)
    scans = [
        kept_scan(f"{number}", code=code, at=(ARRIVAL - timedelta(minutes=number)).isoformat())
        for number, code in enumerate(codes_of(day)[:2])
    ]
    before = phone.get(f"{door_of(day)}liste.json").get_json()["curve"]
    phone.post(f"{door_of(day)}passages", json={"scans": scans})

    curve = phone.get(f"{door_of(day)}liste.json").get_json()["curve"].strip()

    assert before.strip() == ""
    assert "Arrivées cumulées" in curve
    assert "attendues" in curve
    assert curve in phone.get(door_of(day)).text


def test_a_scan_is_taken_back_by_its_key_once_and_nobody_elses(phone: FlaskClient) -> None:
    day = make_open_day(2)
    one, other = seats_of(day)
    after = [(ARRIVAL + timedelta(minutes=minutes)).isoformat() for minutes in range(4)]
    scans = [
        kept_scan("a", code=one.ticket_code, at=after[0]),
        kept_scan("undo-a", undo="a", seat=one.id, at=after[1]),
        kept_scan("undo-elsewhere", undo="elsewhere", seat=other.id, at=after[2]),
        kept_scan("again", code=one.ticket_code, at=after[3]),
    ]
    phone.post(f"{door_of(day)}passages", json={"scans": [kept_scan("b", seat=other.id)]})

    answers = [phone.post(f"{door_of(day)}passages", json={"scans": scans}) for _time in range(2)]

    for answer in answers:
        assert [(row["key"], row["outcome"]) for row in answer.get_json()["results"]] == [
            ("a", "admitted"),
            ("undo-a", "undone"),
            ("undo-elsewhere", "undone"),
            ("again", "admitted"),
        ]
    db.session.expire_all()
    assert [seat.status for seat in seats_of(day)] == [RegistrationStatus.ATTENDED] * 2
    rows = db.session.query(CheckIn).order_by(CheckIn.id)
    assert [(row.client_key, row.outcome.value, row.undone_at is not None) for row in rows] == [
        ("b", "admitted", False),
        ("a", "admitted", True),
        (None, "undone", False),
        ("again", "admitted", False),
    ]


def test_an_admission_of_another_door_is_taken_back_by_its_name_and_a_later_one_stays(phone: FlaskClient) -> None:
    day = make_open_day(1)
    [seat] = seats_of(day)
    phone.post(f"{door_of(day)}places/{seat.id}/")
    entry = phone.get(f"{door_of(day)}liste.json").get_json()["tickets"][0]["entry"]
    undo = {"scans": [kept_scan("undo", undo=entry, seat=seat.id)]}

    assert phone.post(f"{door_of(day)}passages", json=undo).get_json()["results"][0]["outcome"] == "undone"
    assert seats_of(day)[0].status is RegistrationStatus.CONFIRMED
    phone.post(f"{door_of(day)}places/{seat.id}/")
    # The answer was lost, so the phone hands the same over again.
    assert phone.post(f"{door_of(day)}passages", json=undo).get_json()["results"][0]["outcome"] == "undone"

    assert seats_of(day)[0].status is RegistrationStatus.ATTENDED
    forged = kept_scan("entry-1", code=seat.ticket_code)
    assert phone.post(f"{door_of(day)}passages", json={"scans": [forged]}).status_code == 422


def test_whoever_the_signed_sheet_names_stays_and_the_phone_is_told(phone: FlaskClient) -> None:
    day = make_open_day(1)
    [seat] = seats_of(day)
    scan(day, seat.ticket_code, by=make_door(), key="a")
    with unit_of_work.transaction():
        marks = [Marks(registration_id=seat.id, present={queries.half_days(day)[1]: True})]
        service.enter(day, marks=marks, source=Source.SHEET, actor=make_door(), now=ARRIVAL)

    answer = phone.post(f"{door_of(day)}passages", json={"scans": [kept_scan("b", undo="a", seat=seat.id)]})

    assert [row["outcome"] for row in answer.get_json()["results"]] == ["already"]
    assert seats_of(day)[0].status is RegistrationStatus.ATTENDED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"scans": 1}',
        b'{"scans": []}',
        b'{"scans": [1]}',
        b'{"scans": [{}]}',
        b'{"scans": [{"key": "", "at": "2027-02-24T09:00:00+01:00"}]}',
        b'{"scans": [{"key": "a", "at": "2027-02-24T09:00:00"}]}',
        b'{"scans": [{"key": "a", "at": "hier"}]}',
        b'{"scans": [{"key": "a", "undo": "b", "at": "2027-02-24T09:00:00+01:00"}]}',
        b'{"scans": [{"key": "a", "undo": 1, "seat": 1, "at": "2027-02-24T09:00:00+01:00"}]}',
        b'{"scans": [{"key": "a", "seat": true, "at": "2027-02-24T09:00:00+01:00"}]}',
        b'{"scans": [{"key": "a", "seat": 99999999999999, "at": "2027-02-24T09:00:00+01:00"}]}',
        b'{"scans": [{"key": "\xc3\xa9", "at": "2027-02-24T09:00:00+01:00"}]}',
        b"[" * 100_000,
    ],
)
def test_what_no_phone_sends_is_refused(phone: FlaskClient, body: bytes) -> None:
    day = make_open_day()

    answer = phone.post(f"{door_of(day)}passages", data=body, content_type="application/json")

    assert answer.status_code == 422
    assert db.session.query(CheckIn).count() == 0


def test_nothing_is_handed_over_without_the_token_of_the_list(app: Flask, phone: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    day = make_open_day()
    body = {"scans": [kept_scan("a", code=codes_of(day)[0])]}

    refused = phone.post(f"{door_of(day)}passages", json=body)
    token = phone.get(f"{door_of(day)}liste.json").get_json()["csrf"]
    taken = phone.post(f"{door_of(day)}passages", json=body, headers={"X-CSRFToken": token})

    assert (refused.status_code, taken.status_code) == (400, 200)


def test_the_page_kept_for_later_has_nobody_on_it(phone: FlaskClient) -> None:
    day = make_open_day()
    phone.post(door_of(day), data={"code": codes_of(day)[0]})

    kept = phone.get(f"{door_of(day)}hors-ligne/")

    assert "Roux" not in kept.text
    assert "csrf_token" not in kept.text
    assert "Roux" in phone.get(door_of(day)).text
    assert "camera=(self)" in kept.headers["Permissions-Policy"]


def test_the_worker_rules_over_this_door_alone(phone: FlaskClient) -> None:
    day = make_open_day()

    answer = phone.get(f"{door_of(day)}hors-ligne.js")

    assert answer.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in answer.headers
    assert "addEventListener" in answer.text


def test_signing_out_clears_what_the_phone_kept(phone: FlaskClient) -> None:
    assert phone.post("/compte/deconnexion/").headers["Clear-Site-Data"] == '"storage"'


def test_the_list_of_three_hundred_takes_as_many_queries_as_that_of_three(phone: FlaskClient) -> None:
    counts = []
    for people in (3, 300):
        day = make_study_day(capacity=400)
        for first in range(0, people, 20):
            place(seats(day, *(an_attendee(number) for number in range(first, min(first + 20, people)))))
        db.session.expire_all()
        with counting_queries() as count:
            assert len(phone.get(f"{door_of(day)}liste.json").get_json()["tickets"]) == people
        counts.append(count())

    assert counts[0] == counts[1] <= 7


def test_a_phone_that_has_the_list_is_told_so_by_few_queries_however_many_people(phone: FlaskClient) -> None:
    for people in (3, 60):
        day = make_study_day(capacity=400)
        for first in range(0, people, 20):
            place(seats(day, *(an_attendee(number) for number in range(first, min(first + 20, people)))))
        version = phone.get(f"{door_of(day)}liste.json").headers["ETag"]
        db.session.expire_all()

        with counting_queries() as count:
            answer = phone.get(f"{door_of(day)}liste.json", headers={"If-None-Match": version})

        assert (answer.status_code, answer.text, answer.headers["ETag"]) == (304, "", version)
        # Whoever asks, the day with its dates, and the one row that says whether anything changed.
        assert count() <= 4
        assert sum("registrations" in statement for statement in count.statements) == 1


def _admitted(phone: FlaskClient, day: StudyDay) -> None:
    assert phone.post(door_of(day), data={"code": codes_of(day)[0]}).status_code == 303


def _taken_back(phone: FlaskClient, day: StudyDay) -> None:
    assert phone.post(f"{door_of(day)}places/{seats_of(day)[1].id}/annuler/").status_code == 303


def _walked_in(phone: FlaskClient, day: StudyDay) -> None:
    form = Page(phone.get(f"{door_of(day)}sur-place/").text).fields
    form |= {"first_name": "Alix", "last_name": "Petit", "email": "", "rate": "standard", "payment_method": "transfer"}
    assert phone.post(f"{door_of(day)}sur-place/", data=form | {"email": "alix@exemple.fr"}).status_code == 303


def _corrected(_phone: FlaskClient, day: StudyDay) -> None:
    with unit_of_work.transaction():
        person = Person(first_name="Claudie", last_name="Roux1", email=seats_of(day)[0].email)
        registrations.correct_seat(seats_of(day)[0], person=person, by=NamedBy.OFFICE, now=ARRIVAL - timedelta(days=2))


def _replaced(_phone: FlaskClient, day: StudyDay) -> None:
    with unit_of_work.transaction():
        person = Person(first_name="Alix", last_name="Petit", email="alix@exemple.fr")
        registrations.substitute(seats_of(day)[0], person=person, by=NamedBy.OFFICE, now=ARRIVAL - timedelta(days=2))


def _cancelled(_phone: FlaskClient, day: StudyDay) -> None:
    with unit_of_work.transaction():
        order_id = seats_of(day)[0].order_line.order_id
        checkout.cancel_order(order_id, reason="Malade", actor=make_user(RoleName.ORGANISER), now=ARRIVAL)


def _noted_absent(_phone: FlaskClient, day: StudyDay) -> None:
    with unit_of_work.transaction():
        assert registrations.note_absent(day.id, now=ARRIVAL)


def _billed_to_another(_phone: FlaskClient, day: StudyDay) -> None:
    seats_of(day)[0].order_line.order.billing_name = "Ville d’Ailleurs"
    db.session.commit()


def _day_moved(_phone: FlaskClient, day: StudyDay) -> None:
    day.ends_at += timedelta(hours=1)
    db.session.commit()


@pytest.mark.parametrize(
    "change",
    [
        _admitted, _taken_back, _walked_in, _corrected, _replaced, _cancelled, _noted_absent, _billed_to_another,
        _day_moved,
    ],
)  # fmt: skip
def test_whatever_changes_the_list_is_given_to_the_phone(
    phone: FlaskClient, change: Callable[[FlaskClient, StudyDay], None]
) -> None:
    day = make_open_day(2)
    phone.post(door_of(day), data={"code": codes_of(day)[1]})
    before = phone.get(f"{door_of(day)}liste.json")

    change(phone, day)

    answer = phone.get(f"{door_of(day)}liste.json", headers={"If-None-Match": before.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != before.headers["ETag"]
    assert answer.get_json()["version"] in answer.headers["ETag"]


def test_the_list_of_another_day_or_in_another_language_is_another(phone: FlaskClient) -> None:
    day = make_open_day(1)
    known = {"If-None-Match": phone.get(f"{door_of(day)}liste.json").headers["ETag"]}

    assert phone.get(f"{door_of(day)}liste.json", headers=known).status_code == 304
    assert phone.get(f"{door_of(make_open_day(1))}liste.json", headers=known).status_code == 200
    assert phone.get(f"/en{door_of(day)}liste.json", headers=known).status_code == 200


def test_an_absence_is_known_to_the_phone_taken_back_there_and_noted_again(phone: FlaskClient) -> None:
    day = make_open_day(2)
    key, other = (seat.id for seat in seats_of(day))
    _noted_absent(phone, day)

    def send(seat: int, *, absent: bool) -> int:
        return phone.post(f"{door_of(day)}absences", json={"seat": seat, "absent": absent}).status_code

    with time_machine.travel(day.ends_at + timedelta(minutes=5)):
        sign_in(phone, make_user(RoleName.DOOR))
        told = {
            ticket["id"]: ticket["absent"] for ticket in phone.get(f"{door_of(day)}liste.json").get_json()["tickets"]
        }
        missed = next(seat for seat, absent in told.items() if absent)
        answers = [send(missed, absent=absent) for absent in (False, False, True)]
        assert phone.post(f"{door_of(day)}absences", json={"seat": "x"}).status_code == 422
        deep = {"data": "[" * 100_000, "content_type": "application/json"}
        assert phone.post(f"{door_of(day)}absences", **deep).status_code == 422

    assert set(told) == {key, other}
    assert answers == [200, 409, 200]


def test_without_a_script_the_door_takes_an_absence_back_too_and_offers_the_way_back(phone: FlaskClient) -> None:
    day = make_open_day(1)
    _noted_absent(phone, day)
    [seat] = seats_of(day)

    with time_machine.travel(day.ends_at + timedelta(minutes=5)):
        sign_in(phone, make_user(RoleName.DOOR))
        address = f"{door_of(day)}places/{seat.id}/absence/"
        assert "Absence notée" in phone.get(f"{door_of(day)}?q=roux1").text
        taken = phone.post(address, follow_redirects=True).text
        assert "n’est plus notée absente" in taken
        assert "Noter l’absence de Claude Roux1" in taken
        again = phone.post(address, data={"absent": "1"}, follow_redirects=True).text

    assert "Absence notée" in again

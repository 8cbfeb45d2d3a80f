"""Presences in the office."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from openpyxl import load_workbook

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import queries
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.pages import Page
from tests.support.queries import counting_queries


def _path(day: StudyDay, ending: str = "") -> str:
    return f"/organisation/journees/{day.slug}/presences/{ending}"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def _box(day: StudyDay, number: int, half: int) -> str:
    return f"{seats_of(day)[number].id}-{queries.half_days(day)[half].key}"


def test_the_page_says_who_came_when_and_by_which_door(office: FlaskClient) -> None:
    day = make_open_day(2)
    scan(day, codes_of(day)[0], by=make_door(), device="Porte A")

    page = office.get(_path(day)).text

    rows = [" ".join(row) for row in Page(page).rows if row]
    assert rows[0].startswith("Claude Roux1 Ville d’Exemple Non-abonné Présente")
    assert "Porte A oui" in rows[0]
    assert "Attendue" in rows[1]
    assert "1 personne présente sur 2" in page


def test_the_files_have_a_column_for_each_half_day_and_no_formula(office: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1, last_name="=2+3", job_title="@SUM(A1)")))
    scan(day, codes_of(day)[0], by=make_door())

    text = office.get(_path(day) + "?format=csv").data.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(office.get(_path(day) + "?format=xlsx").data)).active

    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    assert heads[-5:-3] == ["Matin", "Après-midi"]
    assert (sheet.cell(2, heads.index("Matin") + 1).value, sheet.cell(2, heads.index("Après-midi") + 1).value) == (
        "oui",
        "",
    )
    assert '"\'@SUM(A1)"' in text
    assert all(cell.data_type != "f" for cell in sheet[2])


def test_a_ticket_shown_twice_stands_among_what_to_look_at(office: FlaskClient) -> None:
    day = make_open_day()
    door = make_door()
    scan(day, codes_of(day)[0], by=door, device="Porte A")
    scan(day, codes_of(day)[0], by=door, device="Porte B")

    rows = [" ".join(row) for row in Page(office.get(_path(day, "passages/")).text).rows if row]

    assert len(rows) == 1
    assert "Claude Roux1" in rows[0]
    assert "Déjà entrée d’abord à Porte A" in rows[0]
    assert "Porte B" in rows[0]


def test_hours_are_those_of_the_place_on_every_page_and_in_the_files(office: FlaskClient) -> None:
    # 8 in the morning in Nouméa is 22 o'clock in Paris, the day before.
    arrival = datetime(2027, 2, 23, 21, 5, tzinfo=UTC)
    day = make_open_day(1, timezone="Pacific/Noumea", starts_at=arrival, ends_at=arrival + timedelta(hours=8))
    scan(day, codes_of(day)[0], by=make_door(), now=arrival)
    card = f"/organisation/inscriptions/{seats_of(day)[0].id}/"

    for path in (_path(day), _path(day, "passages/?etat=tous"), _path(day, "feuille/"), card):
        text = office.get(path).text
        assert "8\u00a0h\u00a005" in text, path
        assert "22\u00a0h\u00a005" not in text, path
    for path in (_path(day), _path(day, "passages/")):
        ending = "etat=tous&" if "passages" in path else ""
        assert "2027-02-24 08:05:00" in office.get(f"{path}?{ending}format=csv").data.decode("utf-8-sig")


def test_a_page_of_the_sheet_is_entered_and_leads_to_the_next(office: FlaskClient) -> None:
    day = make_study_day(capacity=100)
    for first in range(100, 160, 20):
        place(seats(day, *(an_attendee(number) for number in range(first, first + 20))))
    page = office.get(_path(day, "feuille/")).text
    ticked = [_box(day, 0, 0), _box(day, 0, 1), _box(day, 1, 1)]
    shown = [seat.id for seat in seats_of(day)[:50]]

    answer = office.post(_path(day, "feuille/"), data={"seat": shown, "there": ticked, "following": "2"})

    assert page.count('name="there"') == 100
    assert answer.headers["Location"].endswith("?page=2")
    assert office.get(answer.headers["Location"]).text.count('name="there"') == 20
    people = queries.presences(day.id)
    assert [len(person.present) for person in people[:3]] == [2, 1, 0]
    assert [person.came for person in people[:3]] == [True, True, False]
    again = office.get(_path(day, "feuille/")).text
    assert again.count(" checked") == 3


def test_a_box_left_empty_says_nothing_and_one_emptied_takes_back(office: FlaskClient) -> None:
    day = make_open_day(2)
    scan(day, codes_of(day)[0], by=make_door())
    keys = [seat.id for seat in seats_of(day)]
    morning = _box(day, 0, 0)

    office.post(_path(day, "feuille/"), data={"seat": keys, "was": [morning], "there": [morning]})
    assert [person.came for person in queries.presences(day.id)] == [True, False]
    assert queries.presences(day.id)[1].present == {}
    office.post(_path(day, "feuille/"), data={"seat": keys, "was": [morning]})

    assert [person.came for person in queries.presences(day.id)] == [False, False]
    assert list(queries.presences(day.id)[0].present.values()) == [False]


@pytest.mark.parametrize("seat", ["²", "x", "99999999999", "9999999999", "-1"])
def test_strange_keys_on_the_sheet_change_nothing(office: FlaskClient, seat: str) -> None:
    day = make_open_day()

    answer = office.post(_path(day, "feuille/"), data={"seat": seat, "there": f"{seat}-2027-02-24-morning"})

    assert answer.status_code == 303
    assert queries.counts(day.id).arrived == 0


def _file(text: str) -> dict[str, Any]:
    return {"file": (io.BytesIO(text.encode("cp1252")), "presences.csv")}


def test_a_file_is_read_first_and_written_once_confirmed(office: FlaskClient) -> None:
    day = make_open_day(2)
    text = f"Code;Nom;Matin;Après-midi\n{codes_of(day)[0]};;oui;non\n;Inconnue;oui;oui\n"

    read = office.post(_path(day, "fichier/"), data=_file(text))
    assert queries.counts(day.id).arrived == 0
    kept = Page(read.text).fields["text"]
    confirmed = office.post(_path(day, "fichier/"), data={"text": kept, "confirm": "1"}, follow_redirects=True)

    assert read.status_code == 200
    assert "Claude Roux1" in read.text
    assert "Personne de cette journée ne répond à cette ligne." in read.text
    assert "1 personne changée." in confirmed.text
    assert list(queries.presences(day.id)[0].present.values()) == [True, False]
    assert db.session.query(AuditEntry).filter_by(action="attendance.sheet").count() == 1


def test_an_export_can_be_corrected_and_read_again(office: FlaskClient) -> None:
    day = make_open_day(2)
    scan(day, codes_of(day)[0], by=make_door())
    text = office.get(_path(day) + "?format=csv").data.decode("utf-8-sig")

    answer = office.post(_path(day, "fichier/"), data={"text": text, "confirm": "1"})

    assert answer.status_code == 303
    assert queries.counts(day.id).arrived == 1


def test_a_file_that_is_none_keeps_what_was_pasted(office: FlaskClient) -> None:
    day = make_open_day()

    answer = office.post(_path(day, "fichier/"), data={"text": "prix;quantité\n1;2\n"})

    assert answer.status_code == 422
    assert "Il manque une colonne qui dit qui" in answer.text
    assert "prix;quantité" in answer.text


def test_a_long_file_that_was_read_is_taken_with_its_token(office: FlaskClient) -> None:
    day = make_open_day()
    office.application.config["WTF_CSRF_ENABLED"] = True
    token = Page(office.get(_path(day, "fichier/")).text).fields["csrf_token"]
    # As a browser sends it: six characters for each accented one.
    text = "prix;quantité\n" + f"{'é' * 190};é\n" * 1990

    answer = office.post(_path(day, "fichier/"), data={"text": text, "confirm": "1", "csrf_token": token})

    assert answer.status_code == 422
    assert "Il manque une colonne qui dit qui" in answer.text


def test_absents_are_noted_by_a_button_after_the_day(office: FlaskClient) -> None:
    day = make_open_day(2)
    scan(day, codes_of(day)[0], by=make_door())

    too_early = office.post(_path(day, "absents/"), follow_redirects=True)
    assert "La journée n’est pas terminée" in too_early.text
    with time_machine.travel(ARRIVAL.replace(hour=20)):
        sign_in(office, make_user(RoleName.ORGANISER))
        assert "Noter l’absence" in office.get(_path(day)).text
        office.post(_path(day, "absents/"))
        assert [seat.status.value for seat in seats_of(day)] == ["attended", "absent"]
        office.post(_path(day, "absents/"), data={"absent": "0"})
    assert [seat.status.value for seat in seats_of(day)] == ["attended", "confirmed"]


def test_one_absence_is_taken_back_in_the_list_and_noted_again(office: FlaskClient) -> None:
    day = make_open_day(2)
    with time_machine.travel(day.ends_at):
        sign_in(office, make_user(RoleName.ORGANISER))
        office.post(_path(day, "absents/"))
        key, _other = (seat.id for seat in seats_of(day))
        assert "Retirer l’absence de Claude Roux1" in office.get(_path(day)).text

        taken = office.post(_path(day, f"{key}/attendue/"), data={"liste": "1"}, follow_redirects=True).text
        states = [seat.status.value for seat in seats_of(day)]
        again = office.post(_path(day, f"{key}/absente/"), data={"liste": "1"}, follow_redirects=True).text

        assert states == ["confirmed", "absent"]
        assert _path(day, f"{key}/absente/") in taken
        assert "Retirer l’absence de Claude Roux1" not in taken
        assert "Claude Roux1 est de nouveau notée absente." in again
        assert [seat.status.value for seat in seats_of(day)] == ["absent", "absent"]
        assert _path(day, f"{key}/absente/") not in again


def test_one_absence_is_taken_back_on_the_page_of_the_person(office: FlaskClient) -> None:
    day = make_open_day(2)
    with time_machine.travel(day.ends_at):
        sign_in(office, make_user(RoleName.ORGANISER))
        office.post(_path(day, "absents/"))
        key, other = (seat.id for seat in seats_of(day))
        card = f"/organisation/inscriptions/{key}/"
        assert "Retirer l’absence" in office.get(card).text

        answers = [office.post(_path(day, f"{key}/attendue/"), follow_redirects=True).text for _time in range(2)]

        assert [seat.status.value for seat in seats_of(day)] == ["confirmed", "absent"]
        assert "Claude Roux1 n’est plus notée absente." in answers[0]
        assert "Claude Roux1 n’est pas notée absente." in answers[1]
        assert "N’est plus notée absente" in office.get(card).text
        assert "N’est plus notée absente" not in office.get(f"/organisation/inscriptions/{other}/").text
        assert office.post(_path(make_open_day(0), f"{key}/attendue/")).status_code == 404


@pytest.mark.parametrize("ending", ["", "passages/?etat=tous", "feuille/"])
def test_three_hundred_people_take_as_many_queries_as_three(office: FlaskClient, ending: str) -> None:
    counts = []
    for people in (3, 300):
        day = make_study_day(capacity=400)
        for first in range(0, people, 20):
            place(seats(day, *(an_attendee(number) for number in range(first, min(first + 20, people)))))
        scan(day, codes_of(day)[0], by=make_door())
        with counting_queries() as count:
            assert office.get(_path(day, ending)).status_code == 200
        counts.append(count())

    assert counts[0] == counts[1] <= 14

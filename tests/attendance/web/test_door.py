"""The door as plain forms, without a script."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import queries, service
from eventsapp.attendance.models import CheckIn
from eventsapp.attendance.statuses import Outcome, Source
from eventsapp.attendance.values import Answer
from eventsapp.core.db import db
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import ARRIVAL, codes_of, door_of, kept_scan, make_open_day, seats_of
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.queries import counting_queries


@pytest.fixture
def keeper(client: FlaskClient) -> FlaskClient:
    """Somebody who stands at the door."""
    sign_in(client, make_user(RoleName.DOOR))
    return client


def test_a_ticket_lets_in_and_the_page_says_who_and_counts(keeper: FlaskClient) -> None:
    day = make_open_day(2)

    answer = keeper.post(door_of(day), data={"code": codes_of(day)[0]}, follow_redirects=True)

    assert answer.status_code == 200
    assert "Claude Roux1" in answer.text
    assert "Non-abonné · Ville d’Exemple" in answer.text
    assert "Faire entrer aussi l’autre de Ville d’Exemple" in answer.text
    assert "<strong data-arrived>1</strong>" in answer.text
    assert queries.counts(day.id).arrived == 1


def test_a_ticket_shown_again_says_when_and_where(keeper: FlaskClient) -> None:
    day = make_open_day()
    keeper.post(f"{door_of(day)}nom/", data={"device": "Porte A"})
    keeper.post(door_of(day), data={"code": codes_of(day)[0]})
    keeper.post(f"{door_of(day)}nom/", data={"device": "Porte B"})

    answer = keeper.post(door_of(day), data={"code": codes_of(day)[0]}, follow_redirects=True)

    assert "billet déjà passé à 9\u00a0h\u00a005 (Porte A)" in answer.text
    assert [row.device for row in db.session.query(CheckIn).order_by(CheckIn.id)] == ["Porte A", "Porte B"]


def test_a_ticket_of_another_day_says_to_the_door_which_one_and_not_to_a_program(keeper: FlaskClient) -> None:
    day = make_open_day()
    elsewhere = make_open_day(starts_at=ARRIVAL + timedelta(days=20))
    [code] = codes_of(elsewhere)
    town = queries.day_with_city(elsewhere.id).city.name
    told = f"Billet d’une autre journée\u00a0: {town}, 16\u00a0mars 2027."

    page = keeper.post(door_of(day), data={"code": code})
    answer = keeper.post(f"{door_of(day)}passages", json={"scans": [kept_scan("a", code=code)]}).get_json()
    program = service.refusal(Answer(outcome=Outcome.OTHER_DAY, other_day_id=elsewhere.id))

    assert page.status_code == 404
    assert told in html.unescape(page.text)
    assert [row["detail"] for row in answer["results"]] == [told]
    assert program is not None
    assert town not in program.message
    assert db.session.query(CheckIn).count() == 0


def test_a_name_is_looked_for_and_let_in_by_hand(keeper: FlaskClient) -> None:
    day = make_open_day(2)
    seat = seats_of(day)[1]

    found = keeper.post(door_of(day), data={"code": "roux2"}, follow_redirects=True)
    answer = keeper.post(f"{door_of(day)}places/{seat.id}/", follow_redirects=True)

    assert 'aria-label="Faire entrer Claude Roux2"' in found.text
    assert "Claude Roux1" not in found.text
    assert "Entrée" in answer.text
    assert [seat.status.value for seat in seats_of(day)] == ["confirmed", "attended"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("roux2", "1 personne trouvée."),
        ("roux", "20 personnes et plus, dont les premières ici\u00a0: précisez le nom."),
        ("dupont", "Personne ne répond à «\u00a0dupont\u00a0»."),
        ("", ""),
    ],
)
def test_how_many_are_found_is_said_where_it_is_read_aloud(keeper: FlaskClient, words: str, told: str) -> None:
    day = make_study_day(capacity=40)
    for numbers in (range(2, 20), range(50, 60)):
        place(seats(day, *(an_attendee(number) for number in numbers)))

    page = keeper.get(door_of(day), query_string={"q": words}).text

    [status] = re.findall(r'<p class="quiet" role="status" data-told>(.*?)</p>', page, re.DOTALL)
    assert html.unescape(status).strip() == told
    assert ('aria-labelledby="found" hidden' in page) is (not told or told.startswith("Personne"))


def test_a_long_code_of_nobody_is_no_name(keeper: FlaskClient) -> None:
    day = make_open_day()

    answer = keeper.post(door_of(day), data={"code": "Zk3vV0yQ4mX1c9wJb7nT2A"})

    assert answer.status_code == 404
    assert "Aucun billet de cette journée n’a ce code." in answer.text


def test_a_whole_booking_comes_in_at_once_and_is_undone_one_by_one(keeper: FlaskClient) -> None:
    day = make_open_day(4)
    one, other = seats_of(day)[0].id, seats_of(day)[3].id

    answer = keeper.post(f"{door_of(day)}places/{one}/commande/", follow_redirects=True)
    again = keeper.post(f"{door_of(day)}places/{one}/commande/", follow_redirects=True)
    undone = keeper.post(f"{door_of(day)}places/{other}/annuler/", follow_redirects=True)
    twice = keeper.post(f"{door_of(day)}places/{other}/annuler/", follow_redirects=True)

    assert "4 entrées" in answer.text
    assert "Personne d’autre de cette commande" in again.text
    assert "entrée annulée" in undone.text
    assert "aucune entrée à annuler" in twice.text
    assert queries.counts(day.id).arrived == 3


def test_one_button_takes_back_the_entry_of_a_whole_group(keeper: FlaskClient) -> None:
    day = make_open_day(4)
    one, other = seats_of(day)[0], seats_of(day)[3]
    keeper.post(door_of(day), data={"code": one.ticket_code})
    card = keeper.post(f"{door_of(day)}places/{one.id}/commande/", follow_redirects=True).text
    [group] = re.findall(r'name="groupe" value="([0-9-]+)"', card)
    keeper.post(f"{door_of(day)}places/{other.id}/annuler/")

    undone = keeper.post(f"{door_of(day)}entrees/annuler/", data={"groupe": group}, follow_redirects=True).text
    again = keeper.post(f"{door_of(day)}entrees/annuler/", data={"groupe": group}, follow_redirects=True).text

    assert "4 entrées</h2>" in card
    assert "Claude Roux1, Claude Roux2, Claude Roux3, Claude Roux4" in card
    assert "Annuler ces 4 entrées" in card
    assert "Claude Roux1, Claude Roux2, Claude Roux3\u00a0: 3 entrées annulées." in undone
    assert "Aucune de ces entrées n’est à annuler." in again
    assert {seat.status.value for seat in seats_of(day)} == {"confirmed"}
    assert queries.counts(day.id).arrived == 0


def test_of_a_group_those_on_the_signed_sheet_stay_inside_and_the_day_and_the_form_are_checked(
    keeper: FlaskClient,
) -> None:
    day, elsewhere = make_open_day(2), make_open_day(2)
    one, other = seats_of(day)
    keeper.post(f"{door_of(elsewhere)}places/{seats_of(elsewhere)[0].id}/commande/")
    keeper.post(f"{door_of(day)}places/{one.id}/commande/")
    [half, *_rest] = queries.half_days(day)
    fact = queries.fact(other.id, half)
    assert fact is not None
    fact.source = Source.SHEET
    db.session.commit()
    group = "-".join(str(row.id) for row in db.session.query(CheckIn)) + "-²-99999999999"

    told = keeper.post(f"{door_of(day)}entrees/annuler/", data={"groupe": group}, follow_redirects=True).text

    assert "Claude Roux1\u00a0: entrée annulée." in told
    assert "Claude Roux2 figure sur la feuille signée" in told
    assert [queries.counts(each.id).arrived for each in (day, elsewhere)] == [1, 2]


def test_the_door_of_a_day_that_is_over_only_looks_for_people(client: FlaskClient) -> None:
    day = make_open_day(2)
    one, other = seats_of(day)
    sign_in(client, make_user(RoleName.ORGANISER))
    client.post(door_of(day), data={"code": one.ticket_code})
    passage = db.session.query(CheckIn.id).scalar()

    with time_machine.travel(ARRIVAL + timedelta(days=1), tick=False):
        sign_in(client, make_user(RoleName.ORGANISER))
        found = client.post(door_of(day), data={"code": "roux"}, follow_redirects=True).text
        group = client.get(f"{door_of(day)}?groupe={passage}").text
        refused = [
            client.post(door_of(day), data={"code": other.ticket_code}, follow_redirects=True).text,
            client.post(f"{door_of(day)}entrees/annuler/", data={"groupe": passage}, follow_redirects=True).text,
        ]

    people = found[found.index('aria-labelledby="found"') : found.index("data-conflicts")]
    assert "Faire entrer" not in people
    assert "Aucune entrée" in people
    assert "<button" not in people.replace("Noter l’absence", "").split("door-absence")[0]
    assert "l’accueil ne fait plus entrer personne et n’annule plus d’entrée" in found
    assert ">Chercher</button>" in found
    assert ">Valider</button>" not in found
    assert "data-group" in group
    assert "entrees/annuler" not in group
    assert all("Cette journée est passée" in page for page in refused)
    assert db.session.query(CheckIn).count() == 1


def test_an_empty_field_and_a_strange_passage_change_nothing(keeper: FlaskClient) -> None:
    day = make_open_day()
    elsewhere = make_open_day()

    answers = [
        keeper.post(door_of(day), data={"code": " "}, follow_redirects=True),
        keeper.get(f"{door_of(day)}?passage=²"),
        keeper.get(f"{door_of(day)}?passage=99999999999999999999"),
        keeper.post(f"{door_of(day)}places/{seats_of(elsewhere)[0].id}/"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 404]
    assert db.session.query(CheckIn).count() == 0


@pytest.mark.parametrize(("role", "status"), [(RoleName.DOOR, 403), (RoleName.ORGANISER, 200)])
def test_the_door_opens_on_the_day_and_to_organisers_always(client: FlaskClient, role: RoleName, status: int) -> None:
    tomorrow = make_open_day(starts_at=ARRIVAL + timedelta(days=1))
    sign_in(client, make_user(role))

    answers = [
        client.get(door_of(tomorrow)),
        client.get(f"{door_of(tomorrow)}liste.json"),
        client.get(f"{door_of(tomorrow)}hors-ligne/"),
    ]

    assert {answer.status_code for answer in answers} == {status}


def test_a_door_that_is_shut_says_when_it_opens_or_that_the_day_is_over(client: FlaskClient) -> None:
    days = [make_open_day(starts_at=ARRIVAL + timedelta(days=days)) for days in (1, -1)]
    sign_in(client, make_user(RoleName.DOOR))

    to_come, past = (client.get(door_of(day)).text for day in days)

    assert "Cet accueil ouvre le 25\u00a0févr. 2027." in to_come
    assert "Cette journée est passée (23\u00a0févr. 2027)" in past
    assert "ouvre le" not in past


def test_after_the_day_no_entry_is_taken_back_and_the_way_to_the_presences_is_shown(client: FlaskClient) -> None:
    day = make_open_day()
    [seat] = seats_of(day)
    sign_in(client, make_user(RoleName.ORGANISER))
    client.post(door_of(day), data={"code": seat.ticket_code})
    passage = db.session.query(CheckIn.id).scalar()
    on_the_day = client.get(f"{door_of(day)}?passage={passage}&q=roux").text

    with time_machine.travel(ARRIVAL + timedelta(days=1), tick=False):
        sign_in(client, make_user(RoleName.ORGANISER))
        after = client.get(f"{door_of(day)}?passage={passage}&q=roux").text
        refused = client.post(f"{door_of(day)}places/{seat.id}/annuler/", follow_redirects=True).text

    undo, walk_in = f"{door_of(day)}places/{seat.id}/annuler/", f"{door_of(day)}sur-place/"
    assert (on_the_day.count(undo), on_the_day.count(walk_in)) == (3, 1)
    assert "data-past" not in on_the_day
    assert undo not in after
    assert walk_in not in after
    assert "data-past" in after
    assert f'href="/organisation/journees/{day.slug}/presences/"' in after
    assert "notez les présences d’après la feuille" in refused
    assert seats_of(day)[0].status.value == "attended"
    assert db.session.query(CheckIn).count() == 1


@pytest.mark.parametrize(("days", "told"), [(1, True), (0, False), (-1, False)])
def test_the_door_of_a_day_to_come_says_that_it_is_not_today(client: FlaskClient, days: int, told: bool) -> None:
    day = make_open_day(starts_at=ARRIVAL + timedelta(days=days))
    sign_in(client, make_user(RoleName.ORGANISER))

    page, kept_for_later = (client.get(path).text for path in (door_of(day), f"{door_of(day)}hors-ligne/"))

    assert ("Cette journée n’est pas aujourd’hui" in page) is told
    assert "Cette journée n’est pas aujourd’hui" not in kept_for_later


def test_only_this_page_may_ask_for_the_camera(keeper: FlaskClient) -> None:
    day = make_open_day()

    door, other = keeper.get(door_of(day)), keeper.get("/organisation/")

    assert "camera=(self)" in door.headers["Permissions-Policy"]
    assert "camera=()" in other.headers["Permissions-Policy"]
    assert "'unsafe" not in door.headers["Content-Security-Policy"]
    assert door.headers["Cache-Control"] == "private, no-store"


def test_three_hundred_people_take_as_many_queries_as_three(keeper: FlaskClient) -> None:
    counts = []
    for people in (3, 300):
        day = make_study_day(capacity=400)
        for first in range(0, people, 20):
            place(seats(day, *(an_attendee(number) for number in range(first, min(first + 20, people)))))
        keeper.post(door_of(day), data={"code": codes_of(day)[0]})
        with counting_queries() as count, time_machine.travel(ARRIVAL + timedelta(minutes=1)):
            assert keeper.get(f"{door_of(day)}?q=roux").status_code == 200
        counts.append(count())

    assert counts[0] == counts[1] <= 12


def test_every_script_of_the_door_is_kept_for_later(keeper: FlaskClient) -> None:
    door = door_of(make_open_day())
    kept, worker = (keeper.get(f"{door}{name}").text for name in ("hors-ligne/", "hors-ligne.js"))
    named = re.findall(r'(data-[a-z]+)="/static/js/', kept)

    (pattern,) = re.findall(r"^const PART = /(.+)/g;$", worker, re.MULTILINE)

    assert set(named) == {"data-store", "data-names", "data-entries", "data-camera", "data-decoder"}
    for name in named:
        assert re.search(pattern.replace("\\/", "/"), f'{name}="/static/js/a.js"'), name

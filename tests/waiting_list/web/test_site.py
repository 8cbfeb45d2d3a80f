"""Joining a waiting list and leaving it, by its pages."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.waiting_list import service
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import EntryStatus
from tests.support.makers.study_days import NOW
from tests.support.makers.waiting_list import make_entry, make_full_day
from tests.support.queries import counting_queries

FORM = {
    "submission": "jeton-de-seize-lettres",
    "seats": "2",
    "rate": "standard",
    "first_name": "Claude",
    "last_name": "Roux",
    "email": "Claude.Roux@ville-exemple.fr",
    "organisation": "Ville d’Exemple",
}

pytestmark = pytest.mark.usefixtures("frozen")


def address(day: StudyDay) -> str:
    return f"/journees/{day.slug}/liste-d-attente/"


def send(client: FlaskClient, day: StudyDay, **changes: str) -> Any:
    return client.post(address(day), data=FORM | changes)


def entries() -> list[WaitingEntry]:
    return list(db.session.scalars(sa.select(WaitingEntry).order_by(WaitingEntry.id)))


def mails_to(entry: WaitingEntry) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(OutgoingMail.to_address == entry.email)) or 0


def test_the_page_of_a_full_day_and_its_registration_lead_to_the_list(client: FlaskClient) -> None:
    day = make_full_day()

    for page in (f"/journees/{day.slug}/", f"/journees/{day.slug}/inscription/"):
        assert f'href="{address(day)}"' in client.get(page).text
    assert "Complet – liste d’attente" in client.get(f"/journees/{day.slug}/").text


def test_a_day_whose_only_free_seat_is_offered_is_full(client: FlaskClient) -> None:
    day = make_full_day()
    make_entry(day)
    with unit_of_work.transaction():
        study_days.free_seats(day.id, count=1)
        service.serve(day.id, now=NOW)

    assert "Complet – liste d’attente" in client.get(f"/journees/{day.slug}/").text


def test_a_group_joins_and_is_led_to_its_private_page(client: FlaskClient) -> None:
    day = make_full_day()
    make_entry(day, 3)

    answer = send(client, day)

    entry = entries()[-1]
    assert (answer.status_code, answer.location) == (303, f"/attente/{entry.secret}/")
    assert (entry.email, entry.seats, entry.rate_code, entry.locale) == (
        "claude.roux@ville-exemple.fr",
        2,
        "standard",
        "fr",
    )
    page = client.get(answer.location)
    assert "Vous êtes 2e sur la liste" in page.text
    assert "un groupe (3\N{NO-BREAK SPACE}places)" in page.text or "un groupe (3 places)" in page.text
    assert "Les places vont dans l’ordre d’arrivée" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_pressed_twice_it_is_one_place(client: FlaskClient) -> None:
    day = make_full_day()

    answers = [send(client, day) for _ in range(2)]

    (entry,) = entries()
    assert {answer.location for answer in answers} == {f"/attente/{entry.secret}/"}
    assert mails_to(entry) == 1


def test_a_known_address_gets_its_link_by_mail_and_the_page_shows_none(client: FlaskClient) -> None:
    day = make_full_day()
    send(client, day)

    answer = send(client, day, submission="un-autre-jeton-long")

    (entry,) = entries()
    assert (answer.status_code, answer.location) == (303, address(day))
    assert entry.secret not in client.get(answer.location).text
    assert mails_to(entry) == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seats": "0"}, "De 1 à 20 places."),
        ({"seats": "21"}, "De 1 à 20 places."),
        ({"seats": "deux"}, "Écrivez un nombre entier"),
        ({"seats": ""}, "Indiquez le nombre de places."),
        ({"email": "claude"}, "Cette adresse n’est pas complète"),
        ({"email": ""}, "Indiquez votre courriel"),
        ({"last_name": ""}, "Indiquez votre nom."),
        ({"seats": "11"}, "De 1 à 10 places."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    client: FlaskClient, changes: dict[str, str], message: str
) -> None:
    day = make_full_day()

    answer = send(client, day, **changes)

    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="Ville d’Exemple"' in answer.text
    assert entries() == []


def test_a_robot_is_not_put_on_the_list(client: FlaskClient) -> None:
    day = make_full_day()

    assert send(client, day, website="https://exemple.fr").status_code == 422
    assert entries() == []


def test_whoever_finds_a_seat_is_led_to_the_registration(client: FlaskClient) -> None:
    day = make_full_day(taken=8)

    answer = send(client, day)

    assert answer.status_code == 409
    assert f'href="/journees/{day.slug}/inscription/"' in answer.text


@pytest.mark.parametrize(
    "values",
    [
        {"status": StudyDayStatus.CANCELLED},
        {"status": StudyDayStatus.POSTPONED},
        {"registration_closes_at": NOW - timedelta(hours=1)},
    ],
)
def test_nobody_waits_for_a_day_that_takes_nobody(client: FlaskClient, values: dict[str, Any]) -> None:
    day = make_full_day(**values)

    assert "Rejoindre la liste" not in client.get(address(day)).text
    send(client, day)
    assert entries() == []


def test_too_short_before_the_closing_the_page_says_so(client: FlaskClient) -> None:
    day = make_full_day(registration_closes_at=NOW + timedelta(minutes=90))

    assert "Trop tard pour attendre" in client.get(address(day)).text


def test_leaving_takes_a_button_not_a_link(client: FlaskClient) -> None:
    entry = make_entry(make_full_day())

    assert client.get(f"/attente/{entry.secret}/quitter/").status_code == 405
    for _ in range(2):
        answer = client.post(f"/attente/{entry.secret}/quitter/")
        assert (answer.status_code, answer.location) == (303, f"/attente/{entry.secret}/")

    assert entry.status is EntryStatus.LEFT
    assert "Vous n’êtes plus sur la liste" in client.get(answer.location).text


def test_no_other_link_opens_anything(client: FlaskClient) -> None:
    make_entry(make_full_day())

    assert client.get("/attente/rien/").status_code == 404
    assert client.post("/attente/rien/").status_code == 404
    assert client.post("/attente/rien/quitter/").status_code == 404


@pytest.mark.parametrize("groups", [1, 6])
def test_the_private_page_asks_the_same_number_of_queries(client: FlaskClient, groups: int) -> None:
    day = make_full_day()
    secret = [make_entry(day).secret for _ in range(groups)][-1]

    with counting_queries() as count:
        client.get(f"/attente/{secret}/")

    assert count() == 4

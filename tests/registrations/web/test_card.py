"""The page of one registration in the office."""

import html
import re
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import service as attendance
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import outbox
from eventsapp.mail import service as mails
from eventsapp.registrations import queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import NamedBy
from eventsapp.registrations.values import Person
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, scan, seats_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.makers.waiting_list import make_entry, make_full_day
from tests.support.pages import Page
from tests.support.queries import QueryCount

NEED = "Boucle magnétique"

pytestmark = pytest.mark.usefixtures("frozen")


def _as(client: FlaskClient, role: RoleName = RoleName.ORGANISER) -> FlaskClient:
    sign_in(client, make_user(role))
    return client


def _url(seat_id: int) -> str:
    return f"/organisation/inscriptions/{seat_id}/"


def _a_seat(day: StudyDay, **values: str) -> int:
    place(seats(day, an_attendee(1, access_needs=NEED, **values)))
    return db.session.scalars(sa.select(Registration.id)).one()


def test_the_page_tells_who_which_day_what_it_costs_and_what_was_written(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", city=make_city("Angers"))
    make_question(day)
    order = place(seats(day, an_attendee(1, access_needs=NEED, answers={"repas": "Végétarien"})))
    seat = seats_of(day)[0]

    page = _as(client).get(_url(seat.id))

    for told in ("Claude Roux1", "Angers", "621,00", "Confirmée", NEED, "Végétarien", "claude.roux1@ville-exemple.fr"):
        assert told in page.text
    assert f"/organisation/commandes/{order.reference}/" in Page(page.text).links.values()
    assert "/organisation/journees/angers/inscriptions/" in Page(page.text).links.values()
    assert "/organisation/courriels/" in page.text
    assert seat.ticket_code not in page.text


def test_who_keeps_the_accounts_sees_no_need_and_no_action_on_people(client: FlaskClient) -> None:
    day = make_study_day()
    page = _as(client, RoleName.ACCOUNTANT).get(_url(_a_seat(day))).text

    assert "Claude Roux1" in page
    assert NEED not in page
    for action in ("Corriger", "Remplacer", "Renvoyer le billet", "Écrire un message"):
        assert action not in page


def test_whoever_was_replaced_reads_why_their_link_opens_nothing(client: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    (seat,) = seats_of(day)
    link = f"/inscriptions/{seat.secret}/"
    assert client.get(link).status_code == 200
    with unit_of_work.transaction():
        registrations.substitute(
            queries.seat_as_it_is(seat.id),
            person=Person(first_name="Alix", last_name="Petit", email="alix@ville-exemple.fr"),
            by=NamedBy.OFFICE,
            actor=make_user(RoleName.ORGANISER),
            now=NOW + timedelta(hours=1),
        )

    answer = client.get(link)

    assert answer.status_code == 404
    assert "Ce lien n’ouvre plus rien" in answer.text
    assert "la place a été passée à quelqu’un d’autre" in answer.text
    assert "Alix" not in answer.text


def test_a_replaced_ticket_and_its_history_are_told(client: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1), an_attendee(2)))
    seat, other = seats_of(day)
    with unit_of_work.transaction():
        registrations.substitute(
            queries.seat_as_it_is(seat.id),
            person=Person(first_name="Alix", last_name="Petit", email="alix@ville-exemple.fr"),
            by=NamedBy.OFFICE,
            actor=make_user(RoleName.ORGANISER),
            now=NOW + timedelta(hours=1),
        )
    office = _as(client)

    page, untouched = office.get(_url(seat.id)).text, office.get(_url(other.id)).text

    assert "Alix Petit" in page
    assert "remplacé par Alix Petit" in page
    assert "Participant remplacé" in page
    assert "Claude Roux1 → Alix Petit" in page
    assert "Participant remplacé" not in untouched


def test_what_happened_at_the_door_is_told(client: FlaskClient) -> None:
    day = make_study_day()
    seat_id = _a_seat(day)
    scan(day, codes_of(day)[0], by=make_door(), device="Porte nord")

    page = _as(client).get(_url(seat_id)).text

    assert "Porte nord" in page
    assert "Entrée" in page
    assert "présence · " in page


def _journal(page: str) -> list[str]:
    found = re.search(r'<ol class="journal">(.*?)</ol>', page, re.DOTALL)
    assert found is not None
    lines = re.findall(r"<li>.*?</time>(.*?)</li>", found[1], re.DOTALL)
    return [re.sub(r"[ \n]+", " ", html.unescape(re.sub(r"<[^>]+>", "", line))).strip() for line in lines]


def test_the_journal_tells_all_that_happened_with_who_did_it(client: FlaskClient) -> None:
    day = make_study_day()
    buyer = place(seats(day, unnamed())).buyer_name
    organiser = make_user(RoleName.ORGANISER)
    seat_id, door = seats_of(day)[0].id, make_door()
    later = [NOW + timedelta(days=days) for days in range(1, 9)]
    address = "alix@ville-exemple.fr"
    with unit_of_work.transaction():
        registrations.invite(queries.seat_as_it_is(seat_id), email=address, now=later[0])
    with unit_of_work.transaction():
        registrations.remind(queries.seat_as_it_is(seat_id), now=later[3], actor=organiser)
    with unit_of_work.transaction():
        person = Person(first_name="Alix", last_name="Petit", email=address)
        registrations.name_seat(queries.seat_as_it_is(seat_id), person=person, by=NamedBy.SELF, now=later[4])
    with unit_of_work.transaction():
        attached = study_days.day_in_full(day.slug)
        assert attached is not None
        checkout.postpone_day(attached, to=date(2027, 3, 3), note="Grève", reopen=False, actor=organiser, now=later[5])
    arrival = ARRIVAL + timedelta(days=7)
    for minutes in (0, 10):
        scan(day, codes_of(day)[0], by=door, device="Porte nord", now=arrival + timedelta(minutes=minutes))
    with unit_of_work.transaction():
        attendance.undo(seats_of(day)[0], day=day, device="Porte sud", by=door, now=arrival + timedelta(minutes=20))
    scan(day, codes_of(day)[0], by=door, device="Porte sud", now=arrival + timedelta(minutes=30))
    with unit_of_work.transaction():
        attached = study_days.any_day(day.slug)
        assert attached is not None
        attendance.issue([seat_id], day=attached, by=organiser.name, now=arrival + timedelta(hours=9))

    told = _journal(_as(client).get(_url(seat_id)).text)

    assert [line for line in told if not line.startswith("Courriel")] == [
        f"Attestation délivrée · {organiser.name}",
        f"Entrée · Porte sud, {door.name}",
        f"Entrée annulée · Porte sud, {door.name}",
        f"Déjà entrée · Porte nord, {door.name}",
        f"Entrée, annulée ensuite · Porte nord, {door.name}",
        f"Journée reportée\u00a0: 24\u00a0février 2027 → 3\u00a0mars 2027 · {organiser.name}",
        "Place nommée\u00a0: Alix Petit · Alix Petit",
        f"Invitation renvoyée\u00a0: {address} · {organiser.name}",
        f"Invitation envoyée\u00a0: {address} · {buyer}",
        f"Place confirmée · {buyer}",
        f"Place commandée · {buyer}",
    ]
    assert len([line for line in told if line.startswith("Courriel") and f"{address} · " in line]) == 4


def test_what_may_be_done_depends_on_where_the_seat_stands(client: FlaskClient) -> None:
    starts_at = NOW - timedelta(hours=2)
    over = make_study_day(starts_at=starts_at, ends_at=NOW - timedelta(hours=1), registration_closes_at=starts_at)
    place(seats(over, an_attendee(1)), now=NOW - timedelta(days=9))
    coming = make_study_day()
    place(seats(coming, an_attendee(2)))
    office = _as(client)

    after, before = (office.get(_url(seats_of(day)[0].id)).text for day in (over, coming))

    assert ("Noter l’absence" in after, "Renvoyer le billet" in after) == (True, False)
    assert ("Noter la présence" in before, "Renvoyer le billet" in before) == (False, True)


def test_the_page_asks_as_many_queries_for_a_large_order(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount]
) -> None:
    day = make_study_day()
    place(seats(day, *(an_attendee(number) for number in range(20))))
    seat_id = seats_of(day)[0].id
    office = _as(client)

    with count_queries as count:
        assert office.get(_url(seat_id)).status_code == 200

    assert count() <= 16


def test_an_unknown_registration_is_not_found(client: FlaskClient) -> None:
    assert _as(client).get(_url(999_999)).status_code == 404


def test_who_waits_is_a_tab_of_the_days_list(client: FlaskClient) -> None:
    day = make_full_day(slug="angers")
    make_entry(day, 2, organisation="Ville d’Exemple")
    office = _as(client)
    address = "/organisation/journees/angers/inscriptions/"

    tab = Page(office.get(address).text).links["Liste d’attente 1"]
    page = Page(office.get(tab).text)

    assert len(page.rows) == 1
    assert page.rows[0][0].endswith("Ville d’Exemple")
    assert page.rows[0][1:3] == ["Non-abonné", "Attend 2 places"]
    assert page.links["Toutes 0"] == address
    assert "Attend" in office.get(f"{tab}&format=csv").text


def test_the_mails_of_a_seat_stay_in_its_journal_once_they_are_erased(client: FlaskClient) -> None:
    """Those about the seat; where it is the buyer's, those about the order; none about the seats beside it."""
    day = make_study_day()
    place(seats(day, an_attendee(1), an_attendee(2), an_attendee(3, email="finances@ville-exemple.fr")))
    for number, seat in enumerate(seats_of(day)[:2], start=1):
        for _ in range(number):
            with unit_of_work.transaction():
                registrations.send_ticket(queries.seat_as_it_is(seat.id), actor=None, now=NOW)
    office, keys = _as(client), [seat.id for seat in seats_of(day)]
    before = [_mails(office, key) for key in keys]

    mails.forget_old(now=NOW + timedelta(days=1500))

    assert [len(lines) for lines in before] == [2, 3, 1]
    assert [_mails(office, key) for key in keys] == [
        [f"Courriel effacé, texte et adresse · {line.rpartition('· ')[2]}" for line in lines] for lines in before
    ]


def test_an_erased_mail_about_a_day_stays_with_the_seats_of_its_order_alone(client: FlaskClient) -> None:
    """Whom a day called off was told to is not kept: each seat of the order shows it."""
    day = make_study_day()
    order = place(seats(day, an_attendee(1), an_attendee(2)))
    place(seats(day, an_attendee(4)))
    outbox.queue_rendered(
        template="tests/mail", to="claude.roux1@ville-exemple.fr", subject="Annulée", text="T", html="H", now=NOW,
        about=("order", order.id), study_day_id=day.id,
    )  # fmt: skip
    db.session.commit()
    office, keys = _as(client), [seat.id for seat in seats_of(day)]
    before = [len(_mails(office, key)) for key in keys]

    mails.forget_old(now=NOW + timedelta(days=1500))

    assert (before, [len(_mails(office, key)) for key in keys]) == ([2, 1, 1], [2, 2, 1])


def _mails(office: FlaskClient, seat_id: int) -> list[str]:
    return [line for line in _journal(office.get(_url(seat_id)).text) if line.startswith("Courriel ")]

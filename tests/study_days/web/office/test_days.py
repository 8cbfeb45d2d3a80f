"""The list of days, a new day, and its pages in the office."""

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.study_days import queries
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.pages import Page
from tests.support.queries import QueryCount

DAYS = "/organisation/journees/"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser in the office."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def _new_day(**values: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "title": "Mutualiser", "on": "2027-03-11", "starts": "09:30", "ends": "17:00", "capacity": "100",
        "hours_known": "y", "rates-0-code": "standard", "rates-0-name": "Non-abonné", "rates-0-offered": "y",
        "rates-0-price": "621", "programme": "9:30 Accueil\n10:00 Les finances",
    }  # fmt: skip
    return given | values


def _day(slug: str) -> StudyDay:
    db.session.expire_all()
    day = queries.day_in_full(slug)
    assert day is not None
    return day


def test_the_list_sorts_days_into_tabs(office: FlaskClient) -> None:
    now = clock.now()
    make_study_day(title="À venir", starts_at=now + timedelta(days=30))
    make_study_day(title="Passée", starts_at=now - timedelta(days=30))
    make_study_day(title="En brouillon", status=StudyDayStatus.DRAFT)
    make_study_day(title="Reportée", status=StudyDayStatus.POSTPONED)
    make_study_day(title="Annulée", status=StudyDayStatus.CANCELLED)

    shown = {
        state: [row[0] for row in Page(office.get(f"{DAYS}?etat={state}").text).rows]
        for state in ("a-venir", "brouillons", "passees", "reportees", "annulees")
    }

    assert shown == {
        "a-venir": ["À venir"], "brouillons": ["En brouillon"], "passees": ["Passée"], "reportees": ["Reportée"],
        "annulees": ["Annulée"],
    }  # fmt: skip


def test_the_list_says_how_full_a_day_is_and_when_it_is_overbooked(office: FlaskClient) -> None:
    soon = clock.now() + timedelta(days=30)
    make_study_day(capacity=40, seats_taken=45, overbooked=5, starts_at=soon)
    make_study_day(capacity=40, seats_taken=10, starts_at=soon + timedelta(days=1))

    rows = Page(office.get(DAYS).text).rows

    assert [(row[3], row[4]) for row in rows] == [("Surbookée de 5", "45 sur 40"), ("Publiée", "10 sur 40")]


@pytest.mark.parametrize("days", [3, 30])
def test_the_list_asks_the_same_number_of_queries(
    office: FlaskClient, days: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    soon = clock.now() + timedelta(days=30)
    for _ in range(days):
        make_study_day(starts_at=soon)

    with count_queries as count:
        assert len(Page(office.get(DAYS).text).rows) == days

    assert count() <= 7


def test_one_page_makes_a_whole_draft(office: FlaskClient) -> None:
    venue = make_venue(make_city("Angers"))

    answer = office.post(f"{DAYS}nouvelle/", data=_new_day(venue=str(venue.id), lead="En deux mots."))

    assert (answer.status_code, answer.location) == (303, f"{DAYS}angers-2027/programme/")
    day = _day("angers-2027")
    assert (day.status, day.venue_id, day.lead) == (StudyDayStatus.DRAFT, venue.id, "En deux mots.")
    assert [(rate.code, rate.price_cents) for rate in day.rates] == [("standard", 62100)]
    assert [session.title for session in day.sessions] == ["Accueil", "Les finances"]


def test_a_new_day_is_offered_the_prices_of_the_last_one(office: FlaskClient) -> None:
    make_study_day(rates={"subscriber": 54000, "standard": 62100})

    fields = Page(office.get(f"{DAYS}nouvelle/").text).fields

    assert (fields["rates-0-price"], fields["rates-1-price"], fields["rates-4-price"]) == ("540,00", "621,00", "0,00")
    assert "rates-0-offered" in fields
    assert "rates-4-offered" not in fields


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": ""}, "Donnez un titre à la journée."),
        ({"on": "hier"}, "Indiquez la date."),
        ({"on": "0001-01-01"}, "Cette année n’est pas plausible."),
        ({"ends": "09:00"}, "Indiquez une heure après le début."),
        ({"city": ""}, "Choisissez un lieu, ou au moins la ville."),
        ({"capacity": "-1"}, "De 0 à 20\u00a0000 places."),
        ({"capacity": "beaucoup"}, "Écrivez un nombre entier, en chiffres."),
        ({"capacity": "1e3"}, "Écrivez un nombre entier, en chiffres."),
        ({"welcome": "16:00"}, "L’accueil commence avant la journée, ou avec elle."),
        ({"opens": "2027-03-24T09:00"}, "Les inscriptions ouvrent avant la journée."),
        ({"closes": "2027-03-24T09:00"}, "Les inscriptions ferment au plus tard avec la journée."),
        ({"closes": "2020-03-20T09:00"}, "Plus d’un an avant la journée\u00a0: vérifiez la date."),
        (
            {"opens": "2027-03-20T09:00", "closes": "2027-03-19T09:00"},
            "Les inscriptions ferment après leur ouverture.",
        ),
        ({"changes": "2027-03-24T09:00"}, "Les noms changent au plus tard jusqu’à la journée."),
        ({"rates-0-price": "cher"}, "Écrivez un prix en euros"),
        ({"programme": "25:00 Trop tard"}, "aucune horloge ne montre 25 h 00"),
        ({"title": "a\x00b"}, "caractères invisibles"),
        ({"title": "x" * 300}, "Pas plus de 200 caractères."),
        ({"last_date": "2027-03-01"}, "La dernière date vient après la première."),
        ({"on": "2027-03-28", "starts": "02:30"}, "l’horloge passe à l’heure d’été"),
    ],
)
def test_a_new_day_not_filled_in_says_so_beside_the_field_and_loses_nothing(
    office: FlaskClient, values: dict[str, str], told: str
) -> None:
    city = make_city()

    answer = office.post(f"{DAYS}nouvelle/", data=_new_day(**({"city": str(city.id)} | values)))

    assert answer.status_code == 422
    assert told in answer.text
    assert Page(answer.text).fields["ends"] == values.get("ends", "17:00")
    assert db.session.scalar(sa.select(sa.func.count(StudyDay.id))) == 0


def test_all_that_is_wrong_with_a_new_day_is_told_at_once(office: FlaskClient) -> None:
    wrong = {"title": "", "ends": "08:00", "closes": "2027-03-11T18:00", "programme": "25:00 Trop tard"}

    answer = office.post(f"{DAYS}nouvelle/", data=_new_day(city=str(make_city().id), **wrong))

    assert answer.status_code == 422
    for told in (
        "Donnez un titre à la journée.", "Indiquez une heure après le début.", "Choisissez une date avant la fin.",
        "aucune horloge ne montre 25 h 00",
    ):  # fmt: skip
        assert told in answer.text


def test_an_hour_that_the_clock_skips_is_told_with_all_that_is_wrong_besides(office: FlaskClient) -> None:
    city = make_city()
    wrong = {"title": "", "on": "2027-03-28", "starts": "02:30", "welcome": "02:15", "closes": "2027-03-28T02:45"}

    answer = office.post(f"{DAYS}nouvelle/", data=_new_day(city=str(city.id), **wrong))

    assert answer.status_code == 422
    told = answer.text.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Donnez un titre", "02 h 30 n’existe pas", "02 h 15 n’existe pas", "02 h 45 n’existe pas"):
        assert words in told


def test_in_a_town_whose_clock_does_not_change_that_hour_is_one(office: FlaskClient) -> None:
    city = make_city("Saint-Denis", timezone="Indian/Reunion")
    times = {"on": "2027-03-28", "starts": "02:30", "welcome": "", "closes": "2027-03-26T12:00", "programme": ""}

    assert office.post(f"{DAYS}nouvelle/", data=_new_day(city=str(city.id), **times)).status_code == 303


def test_a_day_is_edited_at_the_hours_of_its_town(office: FlaskClient) -> None:
    day = make_study_day(
        slug="journee", city=make_city("Saint-Denis", timezone="Indian/Reunion"), timezone="Indian/Reunion"
    )

    fields = Page(office.get(f"{DAYS}journee/").text).fields
    assert fields["starts"] == "12:00"
    answer = office.post(f"{DAYS}journee/", data=fields | {"starts": "13:00", "hours_known": "y"})

    assert answer.status_code == 303
    assert _day("journee").starts_at == datetime(2027, 2, 24, 9, tzinfo=UTC)
    assert _day("journee").version == 2
    assert day.id == _day("journee").id


def test_saving_what_was_read_changes_nothing(office: FlaskClient) -> None:
    make_study_day(slug="journee", welcome_at=datetime(2027, 2, 24, 7, 30, tzinfo=UTC))
    fields = Page(office.get(f"{DAYS}journee/").text).fields

    office.post(f"{DAYS}journee/", data=fields)

    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "study_days.edit")).all() == []


def test_the_second_editor_is_told_keeps_the_input_and_may_save_over_it_knowingly(office: FlaskClient) -> None:
    make_study_day(slug="journee", title="Avant")
    fields = Page(office.get(f"{DAYS}journee/").text).fields
    office.post(f"{DAYS}journee/", data=fields | {"title": "Le premier"})

    told = office.post(f"{DAYS}journee/", data=fields | {"title": "Le second"})

    assert told.status_code == 409
    assert re.search(r"Camille Exemple\d+ a enregistré des changements", told.text)
    typed = Page(told.text).fields
    assert typed["title"] == "Le second"
    assert _day("journee").title == "Le premier"
    assert office.post(f"{DAYS}journee/", data=typed).status_code == 303
    assert _day("journee").title == "Le second"


@pytest.mark.parametrize("version", ["", "0", "99", "²", "-1", "9" * 40])
def test_a_version_that_is_none_is_a_conflict(office: FlaskClient, version: str) -> None:
    make_study_day(slug="journee")
    fields = Page(office.get(f"{DAYS}journee/").text).fields

    assert office.post(f"{DAYS}journee/", data=fields | {"version": version}).status_code == 409


def test_fields_that_no_form_has_change_nothing(office: FlaskClient) -> None:
    make_study_day(slug="journee", seats_taken=4)
    fields = Page(office.get(f"{DAYS}journee/").text).fields

    office.post(
        f"{DAYS}journee/", data=fields | {"seats_taken": "0", "status": "cancelled", "slug": "autre", "id": "9"}
    )

    assert (_day("journee").seats_taken, _day("journee").status) == (4, StudyDayStatus.PUBLISHED)


def test_a_lower_capacity_says_by_how_much_the_day_is_overbooked(office: FlaskClient) -> None:
    make_study_day(slug="journee", capacity=50, seats_taken=45)
    fields = Page(office.get(f"{DAYS}journee/").text).fields

    office.post(f"{DAYS}journee/", data=fields | {"capacity": "40"})

    assert "Surbooké de 5 places" in office.get(f"{DAYS}journee/").text


def test_particulars_are_written(office: FlaskClient) -> None:
    make_study_day(slug="journee")

    answer = office.post(
        f"{DAYS}journee/textes/",
        data={"version": "1", "description": "## Pourquoi\n\n*Parce que.*", "contact": "Laure, 01 00 00 00 00"},
    )

    assert answer.status_code == 303
    assert _day("journee").description == "## Pourquoi\n\n*Parce que.*"
    assert _day("journee").contact == "Laure, 01 00 00 00 00"


def test_a_draft_is_previewed_as_visitors_will_see_it_and_not_by_them(office: FlaskClient) -> None:
    day = make_study_day(slug="secrete", title="Bientôt", status=StudyDayStatus.DRAFT)
    make_session(day, title="La séance", speakers=[make_speaker("Anne Petit")])

    page = office.get(f"{DAYS}secrete/apercu/")

    assert page.status_code == 200
    assert "Aperçu" in page.text
    assert "La séance" in page.text
    assert office.get("/journees/secrete/").status_code == 404


def test_those_who_may_only_look_get_facts_and_no_form(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    make_study_day(slug="journee", title="Mutualiser")

    page = client.get(f"{DAYS}journee/")

    assert page.status_code == 200
    assert 'name="title"' not in page.text
    assert client.post(f"{DAYS}journee/", data={}).status_code == 403


@pytest.mark.parametrize(
    "part",
    ["", "programme/", "programme/nouvelle/", "tarifs/", "textes/", "documents/", "comptes-rendus/", "reglages/"],
)
@pytest.mark.parametrize("sessions", [3, 12])
def test_pages_of_a_day_ask_at_most_seven_queries_however_long_its_programme(
    office: FlaskClient, part: str, sessions: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    day = make_study_day(slug="journee", starts_at=clock.now() - timedelta(days=3))
    for position in range(1, sessions + 1):
        make_session(day, position=position, speakers=[make_speaker(), make_speaker()])

    with count_queries as count:
        assert office.get(f"{DAYS}journee/{part}").status_code == 200

    assert count() <= 7


def test_a_former_address_leads_to_the_present_one(office: FlaskClient) -> None:
    make_study_day(slug="ancienne", published_at=clock.now())

    answer = office.post(f"{DAYS}ancienne/reglages/", data={"slug": "La nouvelle !"})

    assert answer.location == f"{DAYS}la-nouvelle/reglages/"
    assert office.get(f"{DAYS}ancienne/programme/").location == f"{DAYS}la-nouvelle/programme/"
    assert office.get("/journees/ancienne/").location == "/journees/la-nouvelle/"


def test_an_unknown_day_is_not_found(office: FlaskClient) -> None:
    assert office.get(f"{DAYS}inconnue/").status_code == 404


def test_the_forms_ask_for_their_token(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    office.application.config["WTF_CSRF_ENABLED"] = True

    assert office.post(f"{DAYS}journee/annuler/", data={"confirmation": "x"}).status_code == 400

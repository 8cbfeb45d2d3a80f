"""The papers of a day in the office: one button each, a bar that survives a reload, files; certificates one by one."""

import html
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import queries, service
from eventsapp.attendance.models import Certificate, PaperJob, PaperPart
from eventsapp.attendance.statuses import JobState, PaperKind
from eventsapp.attendance.values import WordingDraft
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations import service as registrations
from eventsapp.study_days.models import StudyDay
from tests.attendance.web.test_certificates import certified
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of
from tests.support.pages import Page
from tests.support.queries import counting_queries

EVENING = ARRIVAL + timedelta(hours=12)


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


@pytest.fixture
def this_evening() -> Iterator[None]:
    """Let the day be over."""
    with time_machine.travel(EVENING, tick=False):
        yield


def _path(day: StudyDay, ending: str = "documents-a-imprimer/") -> str:
    return f"/organisation/journees/{day.slug}/{ending}"


def _make() -> None:
    # What the test read began a transaction around what the requests wrote.
    db.session.commit()
    service.make_papers(clock=lambda: EVENING)


def test_a_button_asks_the_page_follows_and_gives_the_file(office: FlaskClient) -> None:
    day = make_open_day(2)

    answer = office.post(_path(day), data={"kind": "badges", "shape": "tent", "with_code": "y"})
    waiting = office.get(_path(day)).text
    _make()
    ready = office.get(_path(day)).text

    assert (answer.status_code, answer.location) == (303, _path(day))
    job = db.session.query(PaperJob).one()
    assert job.options == {"shape": "tent", "with_code": True}
    assert '<progress max="2" value="0"' in waiting
    assert "data-awaiting" in waiting
    assert "data-awaiting" not in ready
    [part] = db.session.query(PaperPart)
    link = _path(day) + f"{part.id}.pdf"
    assert link in ready
    got = office.get(link)
    assert (got.status_code, got.data[:5], got.headers["Cache-Control"]) == (200, b"%PDF-", "private, no-store")
    assert f"badges-{day.slug}.pdf" in got.headers["Content-Disposition"]


def test_a_file_belongs_to_its_day(office: FlaskClient) -> None:
    day, other = make_open_day(1), make_open_day(1)
    office.post(_path(day), data={"kind": "programme"})
    _make()
    [part] = db.session.query(PaperPart)

    assert office.get(_path(other) + f"{part.id}.pdf").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "money"},
        {"kind": "badges", "shape": "a3"},
        {"kind": "sheet", "blanks": "-1"},
        {"kind": "agreements"},
    ],
)
def test_what_no_button_asks_is_refused(office: FlaskClient, wrong: dict[str, Any]) -> None:
    day = make_open_day(1)

    assert office.post(_path(day), data=wrong).status_code == 400
    assert db.session.query(PaperJob).count() == 0


def test_an_agreement_is_for_a_training_of_a_declared_body(office: FlaskClient) -> None:
    day = make_open_day(1)
    invoices.terms().training_declaration = "Déclaration n° 52 49 00000 49"
    db.session.commit()

    refused = office.post(_path(day, "documents-a-imprimer/reglages/"), data={"is_training": "y"})
    kept = office.post(
        _path(day, "documents-a-imprimer/reglages/"), data={"is_training": "y", "action_nature": "Action de formation"}
    )
    office.post(_path(day), data={"kind": "agreements"})

    assert (refused.status_code, kept.status_code) == (422, 303)
    assert "nature" in refused.text
    assert db.session.query(PaperJob).one().kind is PaperKind.AGREEMENTS


def test_while_the_day_lasts_no_certificate_is_offered_and_the_page_says_from_when(office: FlaskClient) -> None:
    day = make_open_day(1)
    scan(day, codes_of(day)[0], by=make_door())
    pages = [office.get(_path(day, ending)).text for ending in ("attestations/", "documents-a-imprimer/")]
    refused = office.post(_path(day), data={"kind": "sending"}, follow_redirects=True).text

    assert all("mercredi 24 février 2027 à 17 h" in html.unescape(page).replace("\u00a0", " ") for page in pages)
    assert "Envoyer l’attestation" not in pages[0].replace("\u00a0", " ")
    assert [pages[1].count(f'value="{kind}"') for kind in ("sending", "certificates")] == [0, 0]
    assert "une fois la journée finie" in refused
    assert db.session.query(PaperJob).count() == 0


@pytest.mark.usefixtures("this_evening")
def test_certificates_are_sent_by_one_button_and_each_once(office: FlaskClient) -> None:
    day = certified(3, came=2)

    assert "Envoyer les 2 attestations" in office.get(_path(day, "attestations/")).text.replace("\u00a0", " ")
    office.post(_path(day), data={"kind": "sending"})
    _make()
    office.post(_path(day), data={"kind": "sending"})
    _make()

    assert db.session.query(OutgoingMail).filter_by(template="attendance/certificate").count() == 2
    assert [job.state for job in db.session.query(PaperJob)] == [JobState.DONE]
    page = office.get(_path(day, "attestations/"))
    assert [("envoyée" in " ".join(row)) for row in Page(page.text).rows if row] == [True, True]


@pytest.mark.usefixtures("this_evening")
def test_the_list_counts_those_to_send_as_the_button_does_and_says_who_has_no_address(office: FlaskClient) -> None:
    day = certified(4, came=4)
    without, absent, *_others = seats_of(day)
    without.email = ""
    db.session.commit()
    registrations.leave(absent.id)
    db.session.commit()

    page = office.get(_path(day, "attestations/")).text.replace("\u00a0", " ")
    listed = {
        state: len([row for row in Page(office.get(_path(day, f"attestations/?etat={state}")).text).rows if row])
        for state in ("a-envoyer", "sans-adresse")
    }

    assert "Envoyer les 2 attestations" in page
    assert "1 personne sans adresse" in page
    assert listed == {"a-envoyer": 2, "sans-adresse": 1}


@pytest.mark.usefixtures("this_evening")
def test_a_certificate_is_revoked_for_a_reason_and_issued_anew_by_hand(office: FlaskClient) -> None:
    day = certified()
    row = db.session.query(Certificate).one()
    address = _path(day, f"attestations/{row.id}/")

    assert office.post(address, data={"reason": " "}).status_code == 422
    assert office.post(address, data={"reason": "Venue d’une autre"}).status_code == 303
    assert "Venue d’une autre" in office.get(address).text
    assert office.get(_path(day, f"attestations/{row.id}.pdf")).status_code == 404
    anew = office.post(f"{address}delivrer/")
    last = db.session.query(Certificate).order_by(Certificate.id.desc()).first()
    assert last is not None
    assert anew.location == _path(day, f"attestations/{last.id}/")
    assert office.get(_path(day, f"attestations/{last.id}.pdf")).status_code == 200
    assert "Délivrer" not in office.get(address).text


def test_accountants_see_who_has_one_and_change_nothing(client: FlaskClient) -> None:
    day = certified()
    row = db.session.query(Certificate).one()
    sign_in(client, make_user(RoleName.ACCOUNTANT))

    assert client.get(_path(day, "attestations/")).status_code == 200
    for address in (_path(day), _path(day, f"attestations/{row.id}/"), _path(day, f"attestations/{row.id}.pdf")):
        assert client.get(address).status_code == 403


def test_the_sentences_are_the_offices(office: FlaskClient) -> None:
    kept = queries.wording()
    form = {name: getattr(kept, name) for name in WordingDraft.__dataclass_fields__}
    form |= {"signatory": "Camille Petit, directrice", "keep_days": "30"}
    assert kept.completion_pledge[:60] in html.unescape(office.get("/organisation/papiers/").text)

    assert office.post("/organisation/papiers/", data=form).status_code == 303
    assert (queries.wording().signatory, queries.wording().keep_days) == ("Camille Petit, directrice", 30)
    assert office.post("/organisation/papiers/", data=form | {"keep_days": "0"}).status_code == 422


@pytest.mark.parametrize("people", [1, 4])
def test_pages_ask_the_same_number_of_queries_for_few_and_for_many(office: FlaskClient, people: int) -> None:
    day = certified(people, came=people)
    for kind in ("badges", "sheet", "programme")[: people - 1]:
        office.post(_path(day), data={"kind": kind})
    office.post(_path(day), data={"kind": "convocations"})
    _make()

    with counting_queries() as papers:
        office.get(_path(day))
    with counting_queries() as certificates:
        office.get(_path(day, "attestations/"))

    assert (papers(), certificates()) == (PAPERS, CERTIFICATES)


#: Whoever is signed in, the day, counts above the tabs; then what the page is about.
PAPERS, CERTIFICATES = 14, 10

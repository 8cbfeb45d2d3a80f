"""Certificates by their links: the page that says whether one counts, one's own, and all of an order."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from pypdf import PdfReader

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import queries, service
from eventsapp.attendance.models import Certificate
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of
from tests.support.queries import counting_queries

EVENING = ARRIVAL + timedelta(hours=10)


def certified(people: int = 1, *, came: int = 1) -> StudyDay:
    """Make a day of which the first ``came`` people have a certificate."""
    day = make_open_day(people)
    door = make_door()
    for code in codes_of(day)[:came]:
        scan(day, code, by=door)
    with unit_of_work.transaction():
        service.issue(queries.certifiable(day.id), day=day, by="", now=EVENING)
    return day


def revoke(row: Certificate) -> None:
    with unit_of_work.transaction():
        service.revoke(
            db.session.merge(row), reason="Venue d’une autre", actor=make_user(RoleName.ORGANISER), now=EVENING
        )


def _pages(body: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(body)).pages]


def test_the_page_says_whose_it_is_of_which_day_and_that_it_counts(client: FlaskClient) -> None:
    day = certified()
    row = db.session.query(Certificate).one()
    [seat] = seats_of(day)

    with counting_queries() as count:
        answer = client.get(f"/attestations/{row.code}/")

    assert answer.status_code == 200
    # The certificate, and the site's own texts around it.
    assert count() == 2
    assert answer.headers["Cache-Control"] == "private, no-store"
    for shown in ("Claude Roux1", day.title, "24 février 2027", "valable", "noindex", "Durée"):
        assert shown in answer.text.replace("\u00a0", " ")
    order = db.session.query(Order).one()
    for hidden in (seat.email, "Ville d’Exemple", seat.secret, order.reference, seat.ticket_code):
        assert hidden not in answer.text


def test_a_revoked_one_says_so_and_not_why(client: FlaskClient) -> None:
    certified()
    row = db.session.query(Certificate).one()
    revoke(row)

    answer = client.get(f"/attestations/{row.code}/")

    assert answer.status_code == 200
    assert "révoquée" in answer.text
    assert "est valable" not in answer.text
    assert "Venue d’une autre" not in answer.text


def test_one_whose_entry_was_taken_back_is_to_be_checked_everywhere(client: FlaskClient) -> None:
    day = certified()
    row = db.session.query(Certificate).one()
    [seat] = seats_of(day)
    with unit_of_work.transaction():
        service.undo(seat, day=day, device="", by=make_door(), now=ARRIVAL + timedelta(hours=10))

    verified = client.get(f"/attestations/{row.code}/").text
    sign_in(client, make_user(RoleName.ORGANISER))
    office = f"/organisation/journees/{day.slug}"
    pages = [
        client.get(f"{office}/{ending}").text.replace("\u00a0", " ")
        for ending in (f"attestations/{row.id}/", "attestations/", "presences/")
    ]

    assert "est à vérifier" in verified
    assert "est valable" not in verified
    assert ">à vérifier<" in pages[0]
    assert ">valable<" not in pages[0]
    assert "à vérifier : plus notée présente" in pages[1]
    assert "attestation à vérifier" in pages[2]


def test_a_code_that_nobody_has_leads_nowhere(client: FlaskClient) -> None:
    certified()

    assert client.get("/attestations/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_ones_own_certificate_shows_the_address_that_verifies_it(client: FlaskClient) -> None:
    day = certified()
    row = db.session.query(Certificate).one()
    [seat] = seats_of(day)

    page = client.get(f"/inscriptions/{seat.secret}/")
    answer = client.get(f"/inscriptions/{seat.secret}/attestation.pdf")

    assert f"/inscriptions/{seat.secret}/attestation.pdf" in page.text
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    [text] = _pages(answer.data)
    assert "Claude Roux1" in text
    assert row.code in text.replace(" ", "")


def test_an_order_gives_those_of_whoever_came(client: FlaskClient) -> None:
    day = certified(3, came=2)
    order = seats_of(day)[0].order_line.order
    address = f"/commandes/{order.reference}/{order.secret}/"

    page = client.get(address)
    pages = _pages(client.get(f"{address}attestations.pdf").data)

    assert f"{address}attestations.pdf" in page.text
    assert [("Roux1" in text, "Roux2" in text) for text in pages] == [(True, False), (False, True)]


@pytest.mark.parametrize("why", ["did not come", "revoked", "wrong secret"])
def test_without_one_that_counts_there_is_no_paper(client: FlaskClient, why: str) -> None:
    day = certified(1, came=0 if why == "did not come" else 1)
    if why == "revoked":
        revoke(db.session.query(Certificate).one())
    [seat] = seats_of(day)
    order = seat.order_line.order
    own, secret = (seat.secret, order.secret) if why != "wrong secret" else ("x", order.secret[:-1])

    assert client.get(f"/inscriptions/{own}/attestation.pdf").status_code == 404
    assert client.get(f"/commandes/{order.reference}/{secret}/attestations.pdf").status_code == 404
    assert "attestation" not in client.get(f"/inscriptions/{seat.secret}/").text.lower() or why == "wrong secret"


def test_who_is_to_come_has_a_letter(client: FlaskClient) -> None:
    day = make_open_day(1)
    [seat] = seats_of(day)

    answer = client.get(f"/inscriptions/{seat.secret}/convocation.pdf")

    assert f"/inscriptions/{seat.secret}/convocation.pdf" in client.get(f"/inscriptions/{seat.secret}/").text
    assert "Convocation" in _pages(answer.data)[0]
    assert db.session.query(Order).one().reference not in _pages(answer.data)[0]
    assert client.get("/inscriptions/x/convocation.pdf").status_code == 404

    with time_machine.travel(day.ends_at, tick=False):
        assert client.get(f"/inscriptions/{seat.secret}/convocation.pdf").status_code == 404
        assert "convocation.pdf" not in client.get(f"/inscriptions/{seat.secret}/").text

"""Dossiers in the office."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.mandats import queries
from eventsapp.mandats.models import MandatDossier
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.orders.models import Order
from eventsapp.organisations import queries as organisations
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import SIRET, an_attendee, place, seats
from tests.support.makers.study_days import NOW, hold, make_study_day
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("frozen")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CODES = {"siret": SIRET, "service_code": "FINANCES", "commitment_number": "EJ-2026-0417"}


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def of(order: Order) -> str:
    return f"/organisation/commandes/{order.reference}/mandat/"


def dossier_of(order: Order) -> MandatDossier:
    db.session.expire_all()
    found = queries.of_order(order.id)
    assert found is not None
    return found


def test_the_office_walks_a_dossier_to_its_end(accountant: FlaskClient) -> None:
    order = place(seats(day := make_study_day()))
    here = of(order)
    hold(day)

    assert accountant.post(here, data=CODES | {"number": "BC-12"}).status_code == 303
    assert accountant.post(f"{here}etape/service_done/").status_code == 303
    deposit = {"deposit_number": "CPP-77", "deposited_on": NOW.date().isoformat()}
    assert accountant.post(f"{here}depot/", data=deposit).status_code == 303
    assert accountant.post(f"{here}rejet/", data={"reason": "Engagement inconnu"}).status_code == 303
    assert "Engagement inconnu" in accountant.get(here).text
    assert accountant.post(f"{here}depot/", data=deposit).status_code == 303
    pay(order, order.total_cents)

    assert dossier_of(order).status is MandatStatus.PAID


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "La facture n’existait pas encore : elle est du"), (1, "Ce jour n’est pas encore venu.")]
)
def test_a_deposit_before_its_invoice_or_to_come_is_refused_beside_its_field(
    accountant: FlaskClient, days: int, said: str
) -> None:
    order = place(seats(day := make_study_day()))
    here = of(order)
    hold(day)
    accountant.post(here, data=CODES | {"number": "BC-12"})
    accountant.post(f"{here}etape/service_done/")

    wrong = {"deposit_number": "CPP-77", "deposited_on": (NOW.date() + timedelta(days=days)).isoformat()}
    answer = accountant.post(f"{here}depot/", data=wrong)

    assert answer.status_code == 422
    assert said in answer.text.replace("\u00a0", " ")
    assert 'id="deposited_on-error"' in answer.text
    assert dossier_of(order).status is MandatStatus.SERVICE_DONE


def test_a_service_before_its_day_is_refused_in_words_and_one_noted_by_mistake_has_a_way_back(
    accountant: FlaskClient,
) -> None:
    order = place(seats(day := make_study_day()))
    here = of(order)
    accountant.post(here, data=CODES | {"number": "BC-12"})

    early = accountant.post(f"{here}etape/service_done/", follow_redirects=True).text.replace("\u00a0", " ")
    hold(day)
    accountant.post(f"{here}etape/service_done/")
    done = accountant.get(here).text
    accountant.post(f"{here}etape/received/")

    assert "24 février 2027" in early
    assert f"{here}etape/received/" in done
    assert f"{here}etape/received/" not in accountant.get(here).text
    assert dossier_of(order).status is MandatStatus.RECEIVED


def test_only_what_is_legal_now_has_a_button(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    here = of(order)
    awaited = accountant.get(here).text

    accountant.post(here, data=CODES | {"number": "BC-12"})
    received = accountant.get(here).text

    assert ("etape/service_done/" in awaited, "depot/" in awaited, "rejet/" in awaited) == (False, False, False)
    assert ("etape/service_done/" in received, "depot/" in received, "rejet/" in received) == (True, True, False)


@pytest.mark.parametrize(
    ("place_", "data"),
    [("depot/", {"deposit_number": "", "deposited_on": ""}), ("rejet/", {"reason": ""}), ("", {"siret": ""})],
)
def test_a_form_that_makes_no_sense_is_refused(accountant: FlaskClient, place_: str, data: dict[str, str]) -> None:
    order = place(seats(make_study_day()))

    assert accountant.post(f"{of(order)}{place_}", data=data).status_code == 422
    assert dossier_of(order).status is MandatStatus.AWAITED


def test_the_papers_for_the_portal(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    paper, data = accountant.get(f"{of(order)}chorus.pdf"), accountant.get(f"{of(order)}chorus.xml")

    assert (paper.content_type, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert data.content_type == "application/xml"
    assert ">A1<" in data.text
    assert 'data-copy="EJ-2026-0417"' in accountant.get(of(order)).text


def test_what_the_body_requires_is_kept(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    accountant.post(f"{of(order)}exigences/", data={"requires_commitment_number": "y"})

    db.session.expire_all()
    body = organisations.by_siret(SIRET)
    assert body is not None
    assert body.required_codes == frozenset({"commitment_number"})


@pytest.mark.parametrize("orders", [1, 4])
def test_the_list_asks_the_same_number_of_queries(accountant: FlaskClient, orders: int) -> None:
    day = make_study_day()
    for number in range(orders):
        place(seats(day, an_attendee(number)))

    with counting_queries() as asked:
        page = accountant.get("/organisation/mandats/")

    assert page.text.count("Bon de commande attendu") >= orders
    assert asked() <= 6


def test_the_orders_page_leads_to_its_dossier(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    assert of(order) in accountant.get(f"/organisation/commandes/{order.reference}/").text


def test_who_keeps_the_door_sees_none_of_it(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    sign_in(client, make_user(RoleName.DOOR))

    assert [client.get(page).status_code for page in (of(order), "/organisation/mandats/")] == [403, 403]


def test_a_long_name_is_given_as_the_portal_takes_it_and_what_is_missing_is_said(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    accountant.post(f"{of(order)}exigences/", data={"requires_service_code": "y"})
    name = f"{'bon-de-commande-' * 5}.pdf"
    accountant.post(of(order), data=CODES | {"service_code": "", "file": (io.BytesIO(PDF), name)})

    paper = accountant.get(f"{of(order)}bon-de-commande")

    assert paper.headers["Content-Disposition"] == f"attachment; filename={name[:46]}.pdf"
    assert "Chorus Pro refuserait ce dépôt" in accountant.get(of(order)).text

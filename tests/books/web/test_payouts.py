"""Payouts in the office: imported, typed, listed with what should be left at the gateway, taken back."""

import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.books.models import CardPayout
from eventsapp.core.db import db
from tests.books.test_rules_payouts import ITEMISED
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.queries import counting_queries

PAGE = "/organisation/comptabilite/versements/"
ROW = "po_9,2026-11-20 00:00:00,txn_1,2026-11-18 10:00:00,eur,621.00,9.57,611.43,charge,pi_1\n"
TYPED = {"reference": "po_1", "arrived_on": "2026-11-20", "net": "611,43", "fee": "9,57"}


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    pay(place(seats(make_study_day()), payment_method="card"), 62100, gateway_reference="pi_1")
    return client


def upload(client: FlaskClient, text: str) -> str:
    data = {"file": (io.BytesIO(text.encode()), "solde.csv")}
    return client.post(f"{PAGE}importer/", data=data, follow_redirects=True).text


def payouts() -> list[tuple[str, int, int]]:
    rows = db.session.execute(
        sa.select(CardPayout.reference, CardPayout.net_cents, CardPayout.fee_cents).order_by(CardPayout.id)
    )
    return [(reference, net, fee) for reference, net, fee in rows]


def test_a_report_is_imported_and_says_what_is_new(accountant: FlaskClient) -> None:
    page = upload(accountant, ITEMISED + ROW)

    assert "Versements nouveaux : 1" in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert payouts() == [("po_9", 61143, 957)]
    assert "po_9" in accountant.get(PAGE).text


def test_a_payment_that_our_journal_lacks_is_named(accountant: FlaskClient) -> None:
    assert "pi_77" in upload(accountant, ITEMISED + ROW.replace("pi_1", "pi_77"))
    assert "pi_1," not in upload(accountant, ITEMISED + ROW.replace("po_9", "po_8"))


def test_a_file_that_is_no_report_is_refused_beside_its_field(accountant: FlaskClient) -> None:
    answer = accountant.post(f"{PAGE}importer/", data={"file": (io.BytesIO(b"%PDF"), "x.csv")})

    assert answer.status_code == 422
    assert "pas un rapport de Stripe" in answer.text
    assert accountant.post(f"{PAGE}importer/", data={}).status_code == 422


def test_a_payout_is_typed_and_what_is_left_is_shown(accountant: FlaskClient) -> None:
    form = accountant.get(f"{PAGE}enregistrer/").text.replace("\u00a0", " ")
    assert "621,00 €" in form

    assert accountant.post(f"{PAGE}enregistrer/", data=TYPED).status_code == 303

    assert payouts() == [("po_1", 61143, 957)]
    assert "doit rester 0,00 €" in accountant.get(PAGE).text.replace("\u00a0", " ")
    known = accountant.post(f"{PAGE}enregistrer/", data=TYPED)
    assert (known.status_code, "déjà enregistré" in known.text) == (409, True)
    assert 'value="611,43"' in known.text


@pytest.mark.parametrize("changes", [{"reference": ""}, {"net": "0"}, {"fee": ""}, {"arrived_on": "2030-01-01"}])
def test_what_makes_no_sense_is_said_and_nothing_is_lost(changes: dict[str, str], accountant: FlaskClient) -> None:
    answer = accountant.post(f"{PAGE}enregistrer/", data=TYPED | changes)

    assert answer.status_code == 422
    assert payouts() == []
    assert all(f'value="{value}"' in answer.text for value in (TYPED | changes).values() if value)


def test_a_mistake_is_taken_back_from_its_page(accountant: FlaskClient) -> None:
    accountant.post(f"{PAGE}enregistrer/", data=TYPED)
    key = db.session.scalars(sa.select(CardPayout.id)).one()
    assert "Contre-passer" in accountant.get(f"{PAGE}{key}/").text

    assert accountant.post(f"{PAGE}{key}/contre-passer/").status_code == 303

    assert payouts()[1] == ("contre-passation po_1", -61143, -957)
    assert "contre-passé" in accountant.get(PAGE).text
    assert accountant.get(f"{PAGE}9999/").status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_asks_the_same_number_of_queries_for_three_and_thirty(rows: int, accountant: FlaskClient) -> None:
    for number in range(rows):
        accountant.post(f"{PAGE}enregistrer/", data=TYPED | {"reference": f"po_{number}"})

    with counting_queries() as count:
        accountant.get(PAGE)

    assert count() <= 8

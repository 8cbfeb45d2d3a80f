"""Rates of tax in the office."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import i18n
from eventsapp.vat import queries
from eventsapp.vat.statuses import VatKind
from eventsapp.vat.values import Dated
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.makers.vat import make_category
from tests.support.pages import Page
from tests.support.queries import counting_queries

PAGE = "/organisation/tva/"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def _rates(code: str) -> list[tuple[str, int]]:
    found = queries.category(code)
    assert found is not None
    return [(row.valid_from.isoformat(), row.rate) for row in found.rates]


def test_the_list_tells_the_rate_in_force_and_the_next_one(office: FlaskClient) -> None:
    office.post(f"{PAGE}standard/taux/", data={"rate": "21", "valid_from": "2027-01-01"})

    row = next(row for row in Page(office.get(PAGE).text).rows if "Taux normal" in row[0])

    assert row[1:3] == ["20 %", "21 % le 1er janv. 2027"]


@pytest.mark.parametrize("more", [1, 20])
def test_the_list_asks_the_same_number_of_queries_for_few_and_many(office: FlaskClient, more: int) -> None:
    for number in range(more):
        make_category(f"categorie-{number}")
    office.get(PAGE)

    with counting_queries() as count:
        office.get(PAGE)

    assert count() == 5


def test_a_rate_is_added_for_a_day_to_come_and_taken_back(office: FlaskClient) -> None:
    answer = office.post(f"{PAGE}press/taux/", data={"rate": "3,5", "valid_from": "2027-01-01"})

    assert answer.status_code == 303
    assert _rates("press") == [("2027-01-01", 350), ("2014-01-01", 210)]
    page = office.get(f"{PAGE}press/").text
    assert "à venir" in page
    assert "en vigueur" in page
    found = queries.category("press")
    assert found is not None
    for key in [rate.id for rate in found.rates]:
        assert office.post(f"{PAGE}press/taux/{key}/retirer/").status_code == 303
    assert _rates("press") == [("2014-01-01", 210)]


def test_a_rate_of_the_past_is_taken_only_with_the_box_ticked(office: FlaskClient) -> None:
    data = {"rate": "5,5 %", "valid_from": "2026-11-01"}

    refused = office.post(f"{PAGE}press/taux/", data=data)

    assert refused.status_code == 409
    assert "les commandes déjà passées gardent leur taux" in refused.text
    assert 'value="5,5 %"' in refused.text
    assert office.post(f"{PAGE}press/taux/", data=data | {"knowingly": "y"}).status_code == 303
    assert _rates("press")[0] == ("2026-11-01", 550)


@pytest.mark.parametrize(
    ("rate", "valid_from"),
    [("", "2027-01-01"), ("vingt", "2027-01-01"), ("101", "2027-01-01"), ("2,105", "2027-01-01"), ("20", ""),
     ("20", "0001-01-01"), ("21", "hier"), ("0", "2027-01-01"), ("20", "2027-01-01")],
)  # fmt: skip
def test_what_is_no_rate_is_told_and_nothing_is_written(office: FlaskClient, rate: str, valid_from: str) -> None:
    answer = office.post(f"{PAGE}standard/taux/", data={"rate": rate, "valid_from": valid_from})

    assert answer.status_code == 422
    assert "error-text" in answer.text
    assert _rates("standard") == [("2014-01-01", 2000)]


def test_an_exempt_category_is_written_with_its_reason(office: FlaskClient) -> None:
    names = {"name": "Exonéré, formation", "name_en": "Exempt"}
    data = names | {"kind": "exempt", "rate": "0", "valid_from": "2026-01-01"}

    assert office.post(f"{PAGE}nouvelle/", data=data).status_code == 422
    told = {"exemption": "Exonération, art. 132 1 i de la directive", "exemption_code": "VATEX-EU-132-1I"}
    assert office.post(f"{PAGE}nouvelle/", data=data | told).status_code == 303
    assert "exonere-formation" in queries.tariff()


def test_what_a_category_says_is_changed_and_a_second_editor_is_told(office: FlaskClient) -> None:
    fields = Page(office.get(f"{PAGE}press/").text).fields
    changed = {**fields, "name": "Presse en ligne"}

    assert office.post(f"{PAGE}press/", data=changed).status_code == 303
    late = office.post(f"{PAGE}press/", data=changed | {"name": "Presse imprimée"})

    assert late.status_code == 409
    assert queries.tariff()["press"].name == "Presse en ligne"


def test_a_category_that_serves_is_not_deleted(office: FlaskClient) -> None:
    place(seats(make_study_day()))

    for code, stays in (("overseas-press", False), ("standard", True)):
        assert ("Supprimer" in office.get(f"{PAGE}{code}/").text) is not stays
        assert office.post(f"{PAGE}{code}/supprimer/").status_code == 303
        assert (code in queries.codes()) is stays


def test_nobody_else_changes_the_tax(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ORGANISER))

    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}press/taux/", data={"rate": "3", "valid_from": "2027-01-01"}).status_code == 403
    assert client.get(f"{PAGE}press/").status_code == 403


def test_a_category_that_is_none_is_not_found(office: FlaskClient) -> None:
    assert office.get(f"{PAGE}rien/").status_code == 404


def test_the_name_of_a_category_keeps_its_percentage_whole_where_it_is_chosen(app: Flask) -> None:
    rates = ((date(2020, 1, 1), 210),)
    known = {"presse": Dated(code="presse", name="Taux 2,10 %", kind=VatKind.REDUCED, rates=rates)}

    with app.app_context(), i18n.speaking("fr"):
        assert queries.choices(known, on=date(2027, 1, 1)) == [("presse", "2,1\u00a0%, Taux 2,10\u00a0%")]

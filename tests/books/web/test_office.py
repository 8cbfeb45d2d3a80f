"""The books in the office: sums, files, entries and accounts."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import counting_queries

PAGE = "/organisation/comptabilite/"


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    order = place(seats(make_study_day(title="Mutualiser")), subscription(make_plan()))
    pay(order, 75000, reference="=1+1")
    return client


def test_the_page_sums_tax_products_and_methods_to_the_cent(accountant: FlaskClient) -> None:
    page = accountant.get(PAGE).text.replace("\u00a0", " ")

    for amount in ("517,50 €", "103,50 €", "126,35 €", "2,65 €", "750,00 €"):
        assert amount in page
    assert "Mutualiser" in page
    assert "Rien n’a été facturé" in accountant.get(PAGE, query_string={"du": "2020-01-01", "au": "2020-12-31"}).text


@pytest.mark.parametrize("table", ["tva", "produits", "modes"])
def test_each_table_is_a_file(accountant: FlaskClient, table: str) -> None:
    assert accountant.get(f"{PAGE}{table}.xlsx").data.startswith(b"PK")
    assert accountant.get(f"{PAGE}{table}.csv").data.startswith(b"\xef\xbb\xbf")


def test_the_entries_balance_and_no_cell_is_a_formula(accountant: FlaskClient) -> None:
    answer = accountant.get(f"{PAGE}ecritures.txt")
    rows = list(csv.DictReader(io.StringIO(answer.text), delimiter="\t"))

    def total(column: str) -> int:
        return sum(int(row[column].replace(",", "")) for row in rows)

    assert total("Debit") == total("Credit") == 150000
    assert {len(row) for row in rows} == {18}
    assert {row["PieceRef"] for row in rows if row["JournalCode"] == "BQ"} == {"'=1+1"}
    assert "732829320FEC20261231.txt" in answer.headers["Content-Disposition"]


def test_the_accounts_are_numbered_in_the_office(accountant: FlaskClient) -> None:
    page = accountant.get(f"{PAGE}comptes/").text
    assert 'value="44571"' in page
    typed: dict[str, str] = {}
    for key, number in {
        "customers": "411000", "services": "706", "goods": "707", "vat": "44571", "bank": "512", "cheques": "5112",
        "cards": "511",
    }.items():  # fmt: skip
        typed |= {f"{key}_number": number, f"{key}_label": "Compte"}

    assert accountant.post(f"{PAGE}comptes/", data=typed | {"vat_number": "TVA"}).status_code == 422
    assert accountant.post(f"{PAGE}comptes/", data=typed).status_code == 303
    assert "411000\tCompte" in accountant.get(f"{PAGE}ecritures.txt").text


def test_the_page_asks_few_queries(accountant: FlaskClient) -> None:
    with counting_queries() as count:
        accountant.get(PAGE)

    assert count() <= 7

"""The books in the office: sums, files, entries and accounts."""

import csv
import io
from collections import Counter

import openpyxl
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
OTHER_YEAR = {"du": "2020-01-01", "au": "2020-12-31"}


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    order = place(seats(make_study_day(title="Mutualiser")), subscription(make_plan()))
    pay(order, 75000, reference="=1+1")
    place(seats(make_study_day(title="Autre")))
    return client


def cells(client: FlaskClient, table: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}{table}.xlsx").data))
    return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_the_page_sums_tax_products_and_methods_to_the_cent(accountant: FlaskClient) -> None:
    page = accountant.get(PAGE).text.replace("\u00a0", " ")

    # Two seats are invoiced, one is paid.
    for amount in ("1 035,00 €", "207,00 €", "517,50 €", "103,50 €", "126,35 €", "2,65 €", "750,00 €"):
        assert amount in page
    assert "Mutualiser, " in page
    assert "CGI art. 269, 2, c" in page
    assert "298 nonies" in page
    assert "Rien n’a été facturé ni encaissé" in accountant.get(PAGE, query_string=OTHER_YEAR).text


def test_on_a_phone_the_tax_that_is_due_has_its_name_and_the_money_by_method_its_total(
    accountant: FlaskClient,
) -> None:
    page = accountant.get(PAGE).text

    assert 'data-label="TVA exigible">103,50' in page
    assert "<tfoot>" in page.partition('id="modes"')[2]


def test_the_tax_that_is_due_stands_beside_the_one_that_is_invoiced(accountant: FlaskClient) -> None:
    assert cells(accountant, "tva") == [
        ("Taux", "Facturé HT", "TVA facturée", "Exigible HT", "TVA exigible"),
        ("20\u00a0%", 1035, 207, 517.5, 103.5),
        ("2,1\u00a0%", 126.35, 2.65, 126.35, 2.65),
    ]
    detail = cells(accountant, "tva-exigible-detail")
    assert [row[1:] for row in detail[1:]] == [
        ("Ville d’Exemple", "20\u00a0%", 517.5, 103.5),
        ("Ville d’Exemple", "2,1\u00a0%", 126.35, 2.65),
    ]


@pytest.mark.parametrize("table", ["tva", "tva-exigible-detail", "produits", "commandes-par-mode", "modes"])
def test_each_table_is_a_file(accountant: FlaskClient, table: str) -> None:
    assert accountant.get(f"{PAGE}{table}.xlsx").data.startswith(b"PK")
    assert accountant.get(f"{PAGE}{table}.csv").data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("period", ["du=0001-01-01", "du=0001-01-01&au=9999-12-31", "au=9999-12-31"])
@pytest.mark.parametrize("file", ["ecritures.txt", "tva.csv", "tva-exigible-detail.csv", "produits.xlsx"])
def test_a_period_of_which_no_calendar_knows_the_eve_or_the_morrow_is_the_usual_one(
    accountant: FlaskClient, file: str, period: str
) -> None:
    assert accountant.get(f"{PAGE}{file}?{period}").data[:1] == accountant.get(f"{PAGE}{file}").data[:1] != b""


def test_the_entries_balance_and_no_cell_is_a_formula(accountant: FlaskClient) -> None:
    answer = accountant.get(f"{PAGE}ecritures.txt")
    text = answer.data.decode("iso8859-15")
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t"))

    def total(column: str) -> int:
        return sum(int(row[column].replace(",", "")) for row in rows)

    assert total("Debit") == total("Credit") == 75000 + 75000 + 62100 + 10350 + 265
    assert {len(row) for row in rows} == {18}
    assert {row["PieceRef"] for row in rows if row["JournalCode"] == "BQ"} == {"'=1+1"}
    assert {row["CompteNum"] for row in rows} == {"411", "706", "44574", "445711", "445715", "512"}
    # In the order of recording, which is the same moment here: sales first.
    assert Counter(row["EcritureNum"] for row in rows) == {
        "VE-2026-000001": 4, "VE-2026-000002": 3, "BQ-2026-000001": 2, "TV-2026-000001": 4,
    }  # fmt: skip
    assert answer.content_type == "text/plain; charset=iso8859-15"
    assert "732829320FEC20261231.txt" in answer.headers["Content-Disposition"]
    assert text.count("\r\n") == len(rows) + 1


def test_the_file_has_the_description_that_the_law_wants(accountant: FlaskClient) -> None:
    text = accountant.get(f"{PAGE}ecritures-description.txt").text

    words = (
        "ISO 8859-15", "tabulation", "18  Idevise", "VE  Ventes", "TV  TVA exigible", "compte de la\nTVA en attente",
        "732829320FECAAAAMMJJ.txt",
    )  # fmt: skip
    for word in words:
        assert word in text


def test_the_accounts_are_numbered_in_the_office_those_of_the_tax_by_rate(accountant: FlaskClient) -> None:
    page = accountant.get(f"{PAGE}comptes/").text
    assert 'value="445711"' in page
    numbers = {
        "customers": "411000", "services": "706", "goods": "707", "vat": "44571", "bank": "512", "cheques": "5112",
        "cards": "511", "fees": "6278", "vat_2000": "4457120", "vat_1000": "445712", "vat_850": "445713",
        "vat_550": "445714", "vat_210": "445715", "vat_105": "445716",
    }  # fmt: skip
    typed: dict[str, str] = {}
    for key, number in numbers.items():
        assert f'name="{key}_number"' in page
        typed |= {f"{key}_number": number, f"{key}_label": f"Compte {number}"}

    for wrong in ("TVA", "44"):
        assert accountant.post(f"{PAGE}comptes/", data=typed | {"vat_2000_number": wrong}).status_code == 422
    mixed = accountant.post(f"{PAGE}comptes/", data=typed | {"bank_number": "411000"})
    assert (mixed.status_code, mixed.text.count("sert à autre chose")) == (422, 2)
    assert 'id="bank_number-error"' in mixed.text
    two_names = accountant.post(f"{PAGE}comptes/", data=typed | {"goods_number": "706"})
    assert (two_names.status_code, 'id="goods_label-error"' in two_names.text) == (422, True)
    together = {"goods_number": "706", "goods_label": "Compte 706", "vat_210_number": "44571"}
    assert (
        accountant.post(f"{PAGE}comptes/", data=typed | together | {"vat_210_label": "Compte 44571"}).status_code == 303
    )
    assert accountant.post(f"{PAGE}comptes/", data=typed).status_code == 303
    entries = accountant.get(f"{PAGE}ecritures.txt").data.decode("iso8859-15")
    assert "411000\tCompte 411000" in entries
    assert "4457120\tCompte 4457120" in entries


def test_the_page_asks_few_queries(accountant: FlaskClient) -> None:
    with counting_queries() as count:
        accountant.get(PAGE)

    assert count() <= 11

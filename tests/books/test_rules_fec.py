"""The FEC is written as the law has it: columns, dates, amounts, set of characters."""

import re

from hypothesis import given
from hypothesis import strategies as st

from eventsapp.books import rules
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account, Chart
from tests.books.test_rules_entries import money, sale, slip

CHART = Chart(
    accounts={key: Account(number=f"{at}00", label=key.value) for at, key in enumerate(AccountKey, start=1)},
    vat={2000: Account(number="445711", label="TVA collectée 20 %")},
)


def test_a_line_has_its_eighteen_columns_in_the_order_of_the_law() -> None:
    (first, second) = rules.fec_rows(rules.numbered([rules.slip_entry(slip())]), CHART)

    assert len(rules.FEC_COLUMNS) == len(first) == 18
    bank = CHART.accounts[AccountKey.BANK].number
    assert first[:6] == ["BQ", "Encaissements", "BQ-2026-000001", "20261123", bank, "bank"]
    assert (first[8:10], first[15]) == (["R-000007", "20261123"], "20261123")
    assert (first[11:13], second[11:13]) == (["621,05", "0,00"], ["0,00", "621,05"])


def test_tax_is_on_the_account_of_its_rate_or_on_the_general_one() -> None:
    debits = sale(taxes=(), taxes_on_debits=((2000, 10350), (210, 266)))
    rows = list(rules.fec_rows(rules.numbered([rules.sale_entry(debits)]), CHART))

    assert [row[4] for row in rows[-2:]] == ["445711", CHART.accounts[AccountKey.VAT].number]


def test_tax_that_waits_is_on_one_account_whatever_its_rate() -> None:
    rows = list(rules.fec_rows(rules.numbered([rules.sale_entry(sale())]), CHART))

    assert [row[4] for row in rows[-2:]] == [CHART.accounts[AccountKey.WAITING_VAT].number] * 2


@given(st.text())
def test_whatever_was_typed_stays_one_cell_that_the_set_of_characters_holds(typed: str) -> None:
    (entry,) = rules.money_entries([money(1, 100, reference=typed, customer=typed)])

    for row in rules.fec_rows([entry], CHART):
        line = "\t".join(row)
        assert len(line.split("\t")) == 18
        assert line.encode(rules.FEC_ENCODING).decode(rules.FEC_ENCODING) == line
        assert not re.search(r"[\r\n|\x00-\x08\x7f-\x9f]", line)


def test_french_typography_has_its_nearest_neighbour() -> None:
    assert rules.writable("L’« œuvre » à 1\u202f290,00\u00a0€ – Łódź, 漢") == "L'« œuvre » à 1 290,00 € - ?ódz, ?"

"""Entries balance, and the FEC is written as the law has it."""

from datetime import date

from eventsapp.books import rules
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account, Entry, Money, Sale, Slip

DAY = date(2026, 11, 23)
ACCOUNTS = {key: Account(number=f"{at}00", label=key.value) for at, key in enumerate(AccountKey, start=1)}


def money(rank: int, cents: int, **values: object) -> Money:
    given = {
        "rank": rank, "moved_on": DAY, "order": "2026-A", "customer": "Ville", "amount_cents": cents,
        "place": AccountKey.BANK, "reference": "42", "is_transfer": False,
    }  # fmt: skip
    return Money(**given | values)  # type: ignore[arg-type]


def sale(total: int = 75000, vat: int = 10616) -> Sale:
    nets = ((AccountKey.SERVICES, total - vat - 100), (AccountKey.GOODS, 100))
    return Sale(number="F-1", issued_on=DAY, order="2026-A", buyer="Ville", total_cents=total, vat_cents=vat, nets=nets)


def sides(entry: Entry) -> list[tuple[AccountKey, int]]:
    return [(line.account, line.debit_cents - line.credit_cents) for line in entry.postings]


def test_an_invoice_debits_the_customer_and_a_credit_note_does_the_contrary() -> None:
    invoice, note = rules.sale_entry(sale()), rules.sale_entry(sale(-75000, -10616))

    assert sides(invoice)[0] == (AccountKey.CUSTOMERS, 75000)
    assert sides(note)[0] == (AccountKey.CUSTOMERS, -75000)
    assert rules.is_balanced(invoice)
    assert rules.is_balanced(note)


def test_money_goes_where_it_lies_and_a_transfer_is_one_balanced_entry() -> None:
    entries = list(
        rules.money_entries(
            [
                money(1, 100, place=AccountKey.CHEQUES),
                money(2, -40, is_transfer=True),
                money(3, 40, is_transfer=True, order="2026-B"),
            ]
        )
    )

    assert [sides(entry) for entry in entries] == [
        [(AccountKey.CHEQUES, 100), (AccountKey.CUSTOMERS, -100)],
        [(AccountKey.CUSTOMERS, 40), (AccountKey.CUSTOMERS, -40)],
    ]
    assert all(rules.is_balanced(entry) for entry in entries)
    assert [entry.number for entry in entries] == ["J-000001", "J-000002"]


def test_a_line_of_the_fec_has_its_eighteen_columns() -> None:
    (first, second) = rules.fec_rows([rules.slip_entry(Slip(number=7, deposited_on=DAY, total_cents=62105))], ACCOUNTS)

    assert len(rules.FEC_COLUMNS) == len(first) == 18
    assert first[:5] == ["BQ", "Encaissements", "R-000007", "20261123", ACCOUNTS[AccountKey.BANK].number]
    assert (first[11:13], second[11:13]) == (["621,05", "0,00"], ["0,00", "621,05"])


def test_nothing_typed_breaks_a_line_of_the_fec() -> None:
    (entry,) = rules.money_entries([money(1, 100, reference="a\tb|c\nd")])

    assert {cell for row in rules.fec_rows([entry], ACCOUNTS) for cell in row if "a" in cell and "d" in cell} == {
        "a b c d"
    }

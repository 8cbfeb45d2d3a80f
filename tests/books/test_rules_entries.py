"""Entries balance whatever happens, and their numbers run on without a gap, journal by journal and year by year."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from eventsapp.books import rules
from eventsapp.books.statuses import AccountKey, JournalCode
from eventsapp.books.values import Entry, Money, Payout, RecordedPayout, Sale, Slip

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
CENTS = st.integers(-2_000_000, 2_000_000)
RATES = st.sampled_from([2000, 1000, 550, 210, 0])


def money(rank: int, cents: int, **values: Any) -> Money:
    given: dict[str, Any] = {
        "rank": rank, "entered_at": AT, "entered_on": DAY, "moved_on": DAY, "piece_dated": DAY, "order": "2026-A",
        "account": "C1", "customer": "Ville", "amount_cents": cents, "place": AccountKey.BANK, "reference": "42",
        "is_transfer": False,
    }  # fmt: skip
    return Money(**given | values)


def sale(total: int = 75000, taxes: tuple[tuple[int, int], ...] = ((2000, 10350), (210, 266)), **values: Any) -> Sale:
    vat = sum(cents for _rate, cents in (*taxes, *values.get("taxes_on_debits", ())))
    given: dict[str, Any] = {
        "number": "F-1", "issued_on": DAY, "issued_at": AT, "account": "C1", "buyer": "Ville",
        "total_cents": total,
        "nets": ((AccountKey.SERVICES, total - vat - 100), (AccountKey.GOODS, 100)), "taxes": taxes,
    }  # fmt: skip
    return Sale(**given | values)


def slip(cents: int = 62105, **values: Any) -> Slip:
    given: dict[str, Any] = {
        "number": 7, "deposited_on": DAY, "piece_dated": DAY, "recorded_at": AT, "recorded_on": DAY,
        "total_cents": cents,
    }  # fmt: skip
    return Slip(**given | values)


def payout(net: int = 60958, fee: int = 1142, **values: Any) -> RecordedPayout:
    paid = Payout(reference="po_1", arrived_on=DAY, net_cents=net, fee_cents=fee)
    given: dict[str, Any] = {"payout": paid, "recorded_at": AT, "recorded_on": DAY}
    return RecordedPayout(**given | values)


def sides(entry: Entry) -> list[tuple[AccountKey, int]]:
    return [(line.account, line.debit_cents - line.credit_cents) for line in entry.postings]


def test_an_invoice_debits_the_customer_and_a_credit_note_does_the_contrary() -> None:
    invoice, note = rules.sale_entry(sale()), rules.sale_entry(sale(-75000, ((2000, -10350), (210, -266))))

    assert sides(invoice)[0] == (AccountKey.CUSTOMERS, 75000)
    assert sides(note)[0] == (AccountKey.CUSTOMERS, -75000)
    assert rules.is_balanced(invoice)
    assert rules.is_balanced(note)


def test_each_rate_of_tax_has_a_line_of_its_own() -> None:
    lines = [line for line in rules.sale_entry(sale()).postings if line.account is AccountKey.WAITING_VAT]

    assert [(line.vat_rate, line.credit_cents) for line in lines] == [(2000, 10350), (210, 266)]


def test_money_goes_where_it_lies_and_a_transfer_is_one_balanced_entry() -> None:
    entries = list(
        rules.money_entries(
            [
                money(1, 100, place=AccountKey.CHEQUES),
                money(2, -40, is_transfer=True),
                money(3, 40, is_transfer=True, order="2026-B", account="C2"),
            ]
        )
    )

    assert [sides(entry) for entry in entries] == [
        [(AccountKey.CHEQUES, 100), (AccountKey.CUSTOMERS, -100)],
        [(AccountKey.CUSTOMERS, 40), (AccountKey.CUSTOMERS, -40)],
    ]
    assert [entry.journal for entry in entries] == [JournalCode.BANK, JournalCode.MISCELLANEOUS]


def test_a_payout_clears_the_account_of_cards_and_its_fees_are_an_expense() -> None:
    entry = rules.payout_entry(payout())

    assert sides(entry) == [(AccountKey.BANK, 60958), (AccountKey.FEES, 1142), (AccountKey.CARDS, -62100)]
    assert sides(rules.payout_entry(payout(-500, 0))) == [(AccountKey.BANK, -500), (AccountKey.CARDS, 500)]


@given(
    sales=st.lists(st.tuples(CENTS, st.lists(st.tuples(RATES, CENTS), max_size=4, unique_by=lambda tax: tax[0]))),
    movements=st.lists(st.tuples(CENTS, st.booleans())),
    slips=st.lists(CENTS),
    payouts=st.lists(st.tuples(CENTS, CENTS)),
)
def test_every_entry_balances_and_so_does_the_file(
    sales: list[tuple[int, list[tuple[int, int]]]],
    movements: list[tuple[int, bool]],
    slips: list[int],
    payouts: list[tuple[int, int]],
) -> None:
    moved: list[Money] = []
    for cents, is_transfer in movements:
        moved.append(money(len(moved) + 1, cents, is_transfer=is_transfer))
        if is_transfer:
            moved.append(money(len(moved) + 1, -cents, is_transfer=True))
    found = list(
        rules.numbered(
            rules.in_order(
                [rules.sale_entry(sale(total, tuple(taxes))) for total, taxes in sales],
                rules.money_entries(moved),
                [rules.slip_entry(slip(cents)) for cents in slips],
                [rules.payout_entry(payout(net, fee)) for net, fee in payouts],
            )
        )
    )

    assert len(found) == len(sales) + len(movements) + len(slips) + len(payouts)
    assert all(rules.is_balanced(entry) for entry in found)
    lines = [line for entry in found for line in entry.postings]
    assert sum(line.debit_cents for line in lines) == sum(line.credit_cents for line in lines)
    assert all(line.debit_cents == 0 or line.credit_cents == 0 for line in lines)


@given(hours=st.lists(st.integers(0, 9_000), max_size=30, unique=True))
def test_numbers_run_on_without_a_gap_in_the_order_of_recording(hours: list[int]) -> None:
    """Whatever the dates are: an entry that is recorded later has a higher number, and changes no other's."""
    recorded = [AT + timedelta(hours=hour) for hour in sorted(hours)]
    entries = [
        rules.slip_entry(slip(deposited_on=DAY + timedelta(days=hour % 60), recorded_at=at, recorded_on=at.date()))
        for hour, at in zip(hours, recorded, strict=True)
    ]

    found = list(rules.numbered(rules.in_order(entries[::2], entries[1::2])))

    assert [entry.validated_at for entry in found] == sorted(recorded)
    for year in (2026, 2027):
        numbers = [entry.number for entry in found if entry.dated.year == year]
        assert numbers == [f"BQ-{year}-{rank:06}" for rank in range(1, len(numbers) + 1)]
    fewer = list(rules.numbered(rules.in_order(entries[:-1][::2], entries[:-1][1::2])))
    assert [entry.number for entry in found[: len(fewer)]] == [entry.number for entry in fewer]


def test_a_clock_that_went_back_does_not_turn_the_order_round() -> None:
    late, early = money(1, 100, entered_at=AT), money(2, 200, entered_at=AT - timedelta(minutes=1))

    found = list(rules.numbered(rules.in_order(rules.money_entries([late, early]))))

    assert [(entry.number, entry.piece_dated, entry.validated_at) for entry in found] == [
        ("BQ-2026-000001", DAY, AT),
        ("BQ-2026-000002", DAY, AT),
    ]

"""Entries from invoices, payments and deposits, and the columns of the FEC (LPF art. A47 A-1)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account, Entry, Money, Posting, Sale, Slip

#: In the order that the law gives them.
FEC_COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
SALES, BANK, MISCELLANEOUS = "VE", "BQ", "OD"
_JOURNALS = {SALES: "Ventes", BANK: "Encaissements", MISCELLANEOUS: "Opérations diverses"}
_BREAKING = re.compile(r"[\t\r\n|]+")


def sale_entry(sale: Sale) -> Entry:
    """Return the entry of an invoice: the customer owes revenue and tax; of a credit note, the other way round."""
    owed = _sided(AccountKey.CUSTOMERS, sale.total_cents, customer=sale.order, customer_name=sale.buyer)
    earned = [_sided(account, -net) for account, net in sale.nets if net]
    tax = [_sided(AccountKey.VAT, -sale.vat_cents)] if sale.vat_cents else []
    kind = "Facture" if sale.total_cents >= 0 else "Avoir"
    return Entry(
        journal=SALES,
        number=sale.number,
        dated=sale.issued_on,
        piece=sale.number,
        piece_dated=sale.issued_on,
        label=f"{kind} {sale.number} {sale.buyer}",
        postings=(owed, *earned, *tax),
    )


def money_entries(movements: Sequence[Money]) -> Iterator[Entry]:
    """Yield the entries of movements, in the order of their ranks; the two halves of a transfer are one entry."""
    waiting: Money | None = None
    for movement in movements:
        customer = _sided(
            AccountKey.CUSTOMERS, -movement.amount_cents, customer=movement.order, customer_name=movement.customer
        )
        if not movement.is_transfer:
            yield _money_entry(movement, BANK, (_sided(movement.place, movement.amount_cents), customer))
        elif waiting is None:
            waiting = movement
        else:
            source = _sided(
                AccountKey.CUSTOMERS, -waiting.amount_cents, customer=waiting.order, customer_name=waiting.customer
            )
            yield _money_entry(waiting, MISCELLANEOUS, (source, customer))
            waiting = None


def slip_entry(slip: Slip) -> Entry:
    """Return the entry of cheques that went to the bank."""
    number = f"R-{slip.number:06}"
    return Entry(
        journal=BANK,
        number=number,
        dated=slip.deposited_on,
        piece=number,
        piece_dated=slip.deposited_on,
        label=f"Remise de chèques n° {slip.number}",
        postings=(_sided(AccountKey.BANK, slip.total_cents), _sided(AccountKey.CHEQUES, -slip.total_cents)),
    )


def is_balanced(entry: Entry) -> bool:
    """Return whether debits and credits are the same sum."""
    return sum(line.debit_cents for line in entry.postings) == sum(line.credit_cents for line in entry.postings)


def fec_rows(entries: Iterable[Entry], accounts: Mapping[AccountKey, Account]) -> Iterator[list[str]]:
    """Yield the lines of the FEC: dates as YYYYMMDD, amounts with a comma, nothing that would break a line."""
    for entry in sorted(entries, key=lambda one: (one.dated, one.journal, one.number)):
        for line in entry.postings:
            account = accounts[line.account]
            yield [
                _plain(cell)
                for cell in (
                    entry.journal, _JOURNALS[entry.journal], entry.number, _day(entry.dated), account.number,
                    account.label, line.customer, line.customer_name, entry.piece, _day(entry.piece_dated),
                    entry.label, _amount(line.debit_cents), _amount(line.credit_cents), "", "", _day(entry.dated), "",
                    "",
                )
            ]  # fmt: skip


def _money_entry(movement: Money, journal: str, postings: tuple[Posting, ...]) -> Entry:
    number = f"J-{movement.rank:06}"
    words = "Transfert entre commandes" if movement.is_transfer else _words(movement)
    return Entry(
        journal=journal,
        number=number,
        dated=movement.moved_on,
        piece=movement.reference or number,
        piece_dated=movement.moved_on,
        label=f"{words} {movement.order} {movement.customer}",
        postings=postings,
    )


def _words(movement: Money) -> str:
    return "Règlement" if movement.amount_cents > 0 else "Remboursement ou rejet"


def _sided(account: AccountKey, cents: int, *, customer: str = "", customer_name: str = "") -> Posting:
    return Posting(
        account=account,
        debit_cents=max(0, cents),
        credit_cents=max(0, -cents),
        customer=customer,
        customer_name=customer_name,
    )


def _plain(text: str) -> str:
    return _BREAKING.sub(" ", text).strip()


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"

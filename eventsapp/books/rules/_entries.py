"""Entries from invoices, movements of money, deposits and payouts, and their numbers."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from eventsapp.books.statuses import AccountKey, JournalCode
from eventsapp.books.values import Entry, Money, Posting, RecordedPayout, Sale, Slip


def sale_entry(sale: Sale) -> Entry:
    """Return the entry of an invoice: the customer owes revenue and tax; of a credit note, the other way round.

    The tax waits until it is paid, unless it is due with the invoice (« option pour les débits »).
    """
    owed = sided(AccountKey.CUSTOMERS, sale.total_cents, customer=sale.account, customer_name=sale.buyer)
    earned = [sided(account, -net) for account, net in sale.nets if net]
    tax = [sided(AccountKey.WAITING_VAT, -cents, vat_rate=rate) for rate, cents in sale.taxes if cents]
    tax += [sided(AccountKey.VAT, -cents, vat_rate=rate) for rate, cents in sale.taxes_on_debits if cents]
    kind = "Facture" if sale.total_cents >= 0 else "Avoir"
    return Entry(
        journal=JournalCode.SALES,
        dated=sale.issued_on,
        validated_at=sale.issued_at,
        validated_on=sale.issued_on,
        piece=sale.number,
        piece_dated=sale.issued_on,
        label=f"{kind} {sale.number} {sale.buyer}",
        postings=(owed, *earned, *tax),
    )


def money_entries(movements: Iterable[Money]) -> Iterator[Entry]:
    """Yield the entries of movements, in the order of their ranks.

    The two halves of a transfer are one entry, and so is a cheque or a transfer that pays several orders: the bank
    has it once.
    """
    waiting: Money | None = None
    for _key, group in groupby(movements, key=_counted_with):
        for movements_of_one in _each_or_all(group):
            movement = movements_of_one[0]
            if not movement.is_transfer:
                yield _bank_entry(movements_of_one)
            elif waiting is None:
                waiting = movement
            else:
                yield _money_entry(waiting, JournalCode.MISCELLANEOUS, (_customer(waiting), _customer(movement)))
                waiting = None


def slip_entry(slip: Slip) -> Entry:
    """Return the entry of cheques that went to the bank; of a cancelled slip, the other way round."""
    words = "Remise de chèques" if slip.total_cents >= 0 else "Annulation de la remise de chèques"
    return Entry(
        journal=JournalCode.BANK,
        dated=slip.deposited_on,
        validated_at=slip.recorded_at,
        validated_on=slip.recorded_on,
        piece=f"R-{slip.number:06}",
        piece_dated=slip.piece_dated,
        label=f"{words} n° {slip.number}",
        postings=(sided(AccountKey.BANK, slip.total_cents), sided(AccountKey.CHEQUES, -slip.total_cents)),
    )


def payout_entry(recorded: RecordedPayout) -> Entry:
    """Return the entry of a payout: the bank has it but for the fees, and the gateway no longer owes it."""
    payout = recorded.payout
    sides = (
        (AccountKey.BANK, payout.net_cents),
        (AccountKey.FEES, payout.fee_cents),
        (AccountKey.CARDS, -payout.net_cents - payout.fee_cents),
    )
    return Entry(
        journal=JournalCode.BANK,
        dated=payout.arrived_on,
        validated_at=recorded.recorded_at,
        validated_on=recorded.recorded_on,
        piece=payout.reference,
        piece_dated=payout.arrived_on,
        label=f"Versement des cartes {payout.reference}",
        postings=tuple(sided(account, cents) for account, cents in sides if cents),
    )


def in_order(*sources: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries of all sources as they were recorded, each source in its own order.

    The FEC is in the order of validation (LPF art. A47 A-1, VII), so that what is entered later comes later,
    whatever its date. A source whose clock went back for a moment keeps its order all the same.
    """
    return heapq.merge(*(_never_back(source) for source in sources), key=lambda entry: entry.validated_at)


def numbered(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries with their numbers: continuous by journal and year of their date, without a gap.

    ``entries`` are all those of the years that they are of, as they were recorded: a number, once given, stays,
    because whatever is recorded later stands behind it.
    """
    last: Counter[tuple[JournalCode, int]] = Counter()
    for entry in entries:
        place = (entry.journal, entry.dated.year)
        last[place] += 1
        yield replace(entry, number=f"{entry.journal}-{entry.dated.year}-{last[place]:06}")


def is_balanced(entry: Entry) -> bool:
    """Return whether debits and credits are the same sum."""
    return sum(line.debit_cents for line in entry.postings) == sum(line.credit_cents for line in entry.postings)


def sided(
    account: AccountKey, cents: int, *, vat_rate: int | None = None, customer: str = "", customer_name: str = ""
) -> Posting:
    """Return a line of an entry: of debit, or, negative, of credit; cents."""
    return Posting(
        account=account,
        debit_cents=max(0, cents),
        credit_cents=max(0, -cents),
        vat_rate=vat_rate,
        customer=customer,
        customer_name=customer_name,
    )


def _never_back(entries: Iterable[Entry]) -> Iterator[Entry]:
    latest: Entry | None = None
    for entry in entries:
        if latest is not None and entry.validated_at < latest.validated_at:
            latest = replace(entry, validated_at=latest.validated_at, validated_on=latest.validated_on)
        else:
            latest = entry
        yield latest


def _counted_with(movement: Money) -> tuple[Any, ...]:
    """Return what is the same for the parts of one cheque or transfer, which lie behind one another in the journal."""
    if not movement.together:
        return (movement.rank,)
    return (movement.together, movement.reference, movement.moved_on, movement.entered_at, movement.place)


def _each_or_all(group: Iterable[Money]) -> Iterator[list[Money]]:
    together: list[Money] = []
    for movement in group:
        if movement.together:
            together.append(movement)
        else:
            yield [movement]
    if together:
        yield together


def _bank_entry(parts: list[Money]) -> Entry:
    total = sum(part.amount_cents for part in parts)
    orders = ", ".join(dict.fromkeys(part.order for part in parts))
    return _money_entry(
        replace(parts[0], order=orders),
        JournalCode.BANK,
        (sided(parts[0].place, total), *(_customer(part) for part in parts)),
    )


def _money_entry(movement: Money, journal: JournalCode, postings: tuple[Posting, ...]) -> Entry:
    words = "Transfert entre commandes" if movement.is_transfer else _words(movement)
    reason = f" ({movement.reason})" if movement.reason else ""
    return Entry(
        journal=journal,
        dated=movement.moved_on,
        validated_at=movement.entered_at,
        validated_on=movement.entered_on,
        piece=movement.reference or f"J-{movement.rank:06}",
        piece_dated=movement.piece_dated,
        label=f"{words} {movement.order} {movement.customer}{reason}",
        postings=postings,
    )


def _words(movement: Money) -> str:
    return "Règlement" if movement.amount_cents > 0 else "Remboursement ou rejet"


def _customer(movement: Money) -> Posting:
    return sided(
        AccountKey.CUSTOMERS, -movement.amount_cents, customer=movement.account, customer_name=movement.customer
    )

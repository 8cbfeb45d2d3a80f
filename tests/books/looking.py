"""Looking into the books."""

from collections import Counter
from datetime import date

from eventsapp.books import queries
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Entry

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def read(first: date = YEAR[0], last: date = YEAR[1]) -> list[Entry]:
    return list(queries.entries(first, last))


def collected(entries: list[Entry], account: AccountKey = AccountKey.VAT) -> dict[int | None, int]:
    """Return the tax that these entries credit, by rate."""
    found: Counter[int | None] = Counter()
    for entry in entries:
        for line in entry.postings:
            if line.account is account:
                found[line.vat_rate] += line.credit_cents - line.debit_cents
    return {rate: cents for rate, cents in found.items() if cents}

"""Numbering the accounts."""

from collections.abc import Mapping
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.books import queries
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account


def save_accounts(drafts: Mapping[AccountKey, Account], *, actor: User, now: datetime) -> None:
    """Write the numbers and names of accounts; entries are written on them from the next export on."""
    for row in queries.accounts():
        draft = drafts[row.key]
        before = {"number": row.number, "label": row.label}
        after = {"number": draft.number, "label": draft.label}
        if before == after:
            continue
        row.number, row.label = draft.number, draft.label
        audit.record(
            "books.account",
            subject=("ledger_account", row.id, row.label),
            now=now,
            actor=actor,
            changes=audit.difference(before, after),
        )

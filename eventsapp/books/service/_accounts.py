"""Numbering the accounts."""

from collections.abc import Mapping
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.books import queries, rules
from eventsapp.books.models import LedgerAccount, VatAccount
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account
from eventsapp.core.db import db


def save_accounts(
    drafts: Mapping[AccountKey, Account], vat: Mapping[int, Account], *, actor: User, now: datetime
) -> None:
    """Write the numbers and names of accounts, and of the tax by rate; entries are on them from the next export on.

    Raises ``Invalid`` where one number is for two different things.
    """
    by_name = {key.value: draft for key, draft in drafts.items()}
    rules.require_apart(by_name | {f"{AccountKey.VAT}_{rate}": draft for rate, draft in vat.items()})
    for row in queries.accounts():
        _save(row, drafts[row.key], kind="ledger_account", actor=actor, now=now)
    known = queries.vat_accounts()
    for rate, draft in vat.items():
        _save(known.get(rate) or _new(rate), draft, kind="vat_account", actor=actor, now=now)


def _new(rate: int) -> VatAccount:
    row = VatAccount(rate=rate, number="", label="")
    db.session.add(row)
    db.session.flush()
    return row


def _save(row: LedgerAccount | VatAccount, draft: Account, *, kind: str, actor: User, now: datetime) -> None:
    before = {"number": row.number, "label": row.label}
    after = {"number": draft.number, "label": draft.label}
    if before == after:
        return
    row.number, row.label = draft.number, draft.label
    audit.record(
        "books.account",
        subject=(kind, row.id, row.label),
        now=now,
        actor=actor,
        changes=audit.difference(before, after),
    )

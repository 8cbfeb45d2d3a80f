"""The accounts that entries are written on."""

from collections.abc import Sequence

import sqlalchemy as sa

from eventsapp.books.models import LedgerAccount, VatAccount
from eventsapp.books.values import Account, Chart
from eventsapp.core.db import db
from eventsapp.invoices.models import InvoiceLine
from eventsapp.vat.models import VatRate


def accounts() -> Sequence[LedgerAccount]:
    """Return the accounts that entries are written on, whatever the rate of tax."""
    return db.session.scalars(sa.select(LedgerAccount).order_by(LedgerAccount.id)).all()


def vat_accounts() -> dict[int, VatAccount | None]:
    """Return the account of each rate of a category or an invoice, the highest first; ``None`` where there is none."""
    found: dict[int, VatAccount | None] = {row.rate: row for row in db.session.scalars(sa.select(VatAccount))}
    sold = sa.union(*(sa.select(column).where(column > 0) for column in (InvoiceLine.vat_rate, VatRate.rate)))
    for rate in db.session.scalars(sold):
        found.setdefault(rate, None)
    return dict(sorted(found.items(), reverse=True))


def chart() -> Chart:
    """Return the accounts with their numbers."""
    return Chart(
        accounts={row.key: Account(number=row.number, label=row.label) for row in accounts()},
        vat={
            row.rate: Account(number=row.number, label=row.label) for row in db.session.scalars(sa.select(VatAccount))
        },
    )

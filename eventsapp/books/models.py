"""The accounts that entries are written on."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.books.statuses import AccountKey
from eventsapp.core.db import Model


class LedgerAccount(Model):
    """An account of the publisher's chart, as the accountant numbers it."""

    __tablename__ = "ledger_accounts"

    key: Mapped[AccountKey] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    label: Mapped[str] = mapped_column(sa.String(100))

"""The accounts that entries are written on, and what the card gateway paid out."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.books.statuses import AccountKey
from eventsapp.core.db import Model


class LedgerAccount(Model):
    """An account of the publisher's chart, as the accountant numbers it."""

    __tablename__ = "ledger_accounts"

    key: Mapped[AccountKey] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    label: Mapped[str] = mapped_column(sa.String(100))


class VatAccount(Model):
    """The account of the tax collected at one rate."""

    __tablename__ = "vat_accounts"
    __table_args__ = (sa.CheckConstraint("rate > 0", name="rate_positive"),)

    #: In hundredths of a percent.
    rate: Mapped[int] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    label: Mapped[str] = mapped_column(sa.String(100))


class CardPayout(Model):
    """Money that the card gateway sent to the bank, its fees kept; of opposite amounts, what takes one back."""

    __tablename__ = "card_payouts"

    #: Stripe's « po_… », or what the bank's statement calls it: one row each.
    reference: Mapped[str] = mapped_column(sa.String(100), unique=True)
    arrived_on: Mapped[date] = mapped_column(index=True)
    #: What the bank has; negative when the gateway took money back.
    net_cents: Mapped[int]
    fee_cents: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("card_payouts.id"), unique=True)
    reverses: Mapped["CardPayout | None"] = relationship(lazy="raise", remote_side="CardPayout.id")
    #: Recorded while the shop was in test: never in the real books.
    is_test: Mapped[bool] = mapped_column(default=False)

    @property
    def gross_cents(self) -> int:
        """What it settles of what was paid by card."""
        return self.net_cents + self.fee_cents

"""The journal of what moved, line by line, and its years that are closed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.orders.models import Order
from eventsapp.payments.statuses import Movement


class JournalEntry(Model):
    """A movement of money: written once, never changed; each line holds the hash of the one before."""

    __tablename__ = "payment_journal"
    __table_args__ = (sa.UniqueConstraint("is_test", "rank"), sa.UniqueConstraint("refund_id", "kind"))

    #: From 1 without gaps; trials have a chain of their own.
    rank: Mapped[int]
    is_test: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[Movement]
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise")
    order_reference: Mapped[str] = mapped_column(sa.String(20))
    #: Positive when it came in.
    amount_cents: Mapped[int]
    method: Mapped[str] = mapped_column(sa.String(20))
    #: The day that the bank or the payer says; the first one open, when its year is closed.
    moved_on: Mapped[date] = mapped_column(index=True)
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payments.id"), unique=True)
    #: Once when it is done, and once more should it fail afterwards.
    refund_id: Mapped[int | None] = mapped_column(sa.ForeignKey("refunds.id"))
    #: Number of the cheque or transfer, Stripe's id, or the reason: what tells it from others.
    reference: Mapped[str] = mapped_column(sa.String(300), default="")
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    #: SHA-256 of the one before and of this line's content (``rules.seal``).
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class JournalHead(Model):
    """Where a chain of the journal ends; its row is locked while a line is added, and tells when lines are missing."""

    __tablename__ = "payment_journal_heads"

    is_test: Mapped[bool] = mapped_column(unique=True)
    rank: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(sa.String(64), default="")


class JournalClosing(Model):
    """A year of the journal, closed: what moved in it, sealed; no line is dated in it afterwards.

    Written once, never changed, like the journal itself; each holds the hash of the closing before.
    """

    __tablename__ = "journal_closings"
    __table_args__ = (sa.UniqueConstraint("is_test", "year"),)

    is_test: Mapped[bool]
    year: Mapped[int]
    closed_at: Mapped[datetime]
    #: By name: the line reads on when its author is gone.
    closed_by: Mapped[str] = mapped_column(sa.String(200))
    #: Lines of the year, and what they move: both sums positive.
    entries: Mapped[int]
    came_in_cents: Mapped[int] = mapped_column(sa.BigInteger)
    went_out_cents: Mapped[int] = mapped_column(sa.BigInteger)
    #: What moved in this year and all before it.
    grand_total_cents: Mapped[int] = mapped_column(sa.BigInteger)
    #: Where the journal ended when the year was closed.
    last_rank: Mapped[int]
    journal_hash: Mapped[str] = mapped_column(sa.String(64))
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)

    @property
    def total_cents(self) -> int:
        """What moved in the year: positive when more came in than went out."""
        return self.came_in_cents - self.went_out_cents

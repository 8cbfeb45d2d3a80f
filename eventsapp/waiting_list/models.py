"""Groups that wait for seats at a day, and what was offered to them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core import references, settings
from eventsapp.core.db import Model
from eventsapp.orders.models import Order
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list.statuses import EntryStatus, OfferOutcome

_LIVE = sa.text("status IN ('waiting', 'offered')")
_OPEN = sa.text("outcome IS NULL")


class WaitingEntry(Model):
    """One person, or a group that comes together or not at all, on the list of a day."""

    __tablename__ = "waiting_entries"
    __table_args__ = (
        sa.Index(None, "study_day_id", "status", "rank"),
        # One address has one place at a day.
        sa.Index(
            "uq_waiting_entries_live", "study_day_id", "email", unique=True, postgresql_where=_LIVE, sqlite_where=_LIVE
        ),
        sa.CheckConstraint("seats > 0", name="seats_positive"),
    )

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id"))
    study_day: Mapped[StudyDay] = relationship(lazy="raise")
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    seats: Mapped[int]
    #: The code of the rate wished for: where the form begins when accepting.
    rate_code: Mapped[str] = mapped_column(sa.String(40), default="")
    status: Mapped[EntryStatus]
    #: The order of the list: that of joining, unless the office changed it.
    rank: Mapped[int]
    joined_at: Mapped[datetime]
    #: When it got its answer, or went.
    ended_at: Mapped[datetime | None]
    #: Opens the group's private page.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    #: Of the form that it was asked with: sent twice, it is one place.
    form_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    is_test: Mapped[bool] = mapped_column(default=False)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class WaitingOffer(Model):
    """Seats kept for a group until a moment; they count as taken while it is open."""

    __tablename__ = "waiting_offers"
    __table_args__ = (
        sa.Index("uq_waiting_offers_open", "entry_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        sa.Index(None, "outcome", "expires_at"),
        sa.CheckConstraint("seats > 0", name="seats_positive"),
    )

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("waiting_entries.id"), index=True)
    entry: Mapped[WaitingEntry] = relationship(lazy="raise")
    seats: Mapped[int]
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    outcome: Mapped[OfferOutcome | None]
    ended_at: Mapped[datetime | None]
    #: What it was taken up with, last.
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order | None] = relationship(lazy="raise")

    def local_end(self, day: StudyDay) -> datetime:
        """Return until when it holds, by the clock of the day's town."""
        return self.expires_at.astimezone(settings.zone(day.timezone))

"""Baskets, the terms on which days are cancelled by their buyers, and the days that are called off, order by order."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.checkout.statuses import ItemOutcome
from eventsapp.core.db import Model
from eventsapp.orders.models import Order
from eventsapp.study_days.models import StudyDay


class Basket(Model):
    """Seats and subscriptions chosen so far; the visitor's cookie holds the token, we its fingerprint."""

    __tablename__ = "baskets"

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: Shaped like ``items`` of the API's order; what was taken out last stays in its place, marked ``removed``.
    items: Mapped[list[Any]] = mapped_column(default=list)
    updated_at: Mapped[datetime] = mapped_column(index=True)


class CancellationTerms(Model):
    """What a buyer who cancels pays, by the days left; the row without a day is for all that have none."""

    __tablename__ = "cancellation_terms"

    study_day_id: Mapped[int | None] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"), unique=True)
    #: Pairs of days before the event and percent of the price, for whoever cancels so many days before at the latest.
    steps: Mapped[list[Any]]
    updated_at: Mapped[datetime | None]


class DayCancellation(Model):
    """A day that was called off: its orders are dealt with one by one, and whatever stops it, it goes on from there."""

    __tablename__ = "day_cancellations"

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id"), unique=True)
    study_day: Mapped[StudyDay] = relationship(lazy="raise")
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)


class DayCancellationItem(Model):
    """One order of a day that was called off."""

    __tablename__ = "day_cancellation_items"
    __table_args__ = (
        sa.UniqueConstraint("cancellation_id", "order_id"),
        sa.Index(None, "outcome", "id"),
    )

    cancellation_id: Mapped[int] = mapped_column(sa.ForeignKey("day_cancellations.id", ondelete="CASCADE"))
    cancellation: Mapped[DayCancellation] = relationship(lazy="raise")
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise")
    #: Address and name of those whom this order tells; whoever is in several orders is told by one of them.
    people: Mapped[list[Any]]
    outcome: Mapped[ItemOutcome] = mapped_column(default=ItemOutcome.WAITING)
    done_at: Mapped[datetime | None]
    #: What went wrong the last time; it is tried again.
    problem: Mapped[str] = mapped_column(sa.String(300), default="")

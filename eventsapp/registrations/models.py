"""Registrations: one seat of one person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.orders.models import OrderLine
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.registrations.values import identity
from eventsapp.study_days.models import Rate, StudyDay


class Registration(Model):
    """One person's seat at one day, bought by an order line."""

    __tablename__ = "registrations"
    __table_args__ = (
        sa.Index(None, "study_day_id", "status"),
        sa.Index(None, "last_name", "first_name"),
    )

    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_lines.id"), index=True)
    order_line: Mapped[OrderLine] = relationship(lazy="raise")
    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id"))
    study_day: Mapped[StudyDay] = relationship(lazy="raise")
    rate_id: Mapped[int] = mapped_column(sa.ForeignKey("rates.id"), index=True)
    rate: Mapped[Rate] = relationship(lazy="raise")
    #: From 1 within the order's seats of the day.
    position: Mapped[int]
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    job_title: Mapped[str] = mapped_column(sa.String(150), default="")
    #: What the person asks for to be able to take part; only the organiser sees it.
    access_needs: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[RegistrationStatus]
    created_at: Mapped[datetime] = mapped_column(index=True)
    #: When it was cancelled by itself: it does not come back with its order.
    withdrawn_at: Mapped[datetime | None]
    is_test: Mapped[bool] = mapped_column(default=False)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def identity(self) -> tuple[str, str]:
        """What two seats of one person share, however it was typed."""
        return identity(email=self.email, first_name=self.first_name, last_name=self.last_name)

"""Shipments of a number, and the labels that went with each."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.accounts.models import User
from eventsapp.core import postal
from eventsapp.core.db import Model
from eventsapp.magazine.models import Issue
from eventsapp.subscriptions.models import Contract


class Shipment(Model):
    """Labels of a number that were frozen together: the first one, then what completes it."""

    __tablename__ = "shipments"
    __table_args__ = (sa.UniqueConstraint("issue_id", "rank"), sa.CheckConstraint("rank > 0", name="rank_positive"))

    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"))
    issue: Mapped[Issue] = relationship(lazy="raise")
    #: 1 for the first of the number.
    rank: Mapped[int]
    #: The day for which it was said who gets the number.
    counted_on: Mapped[date]
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    frozen_by: Mapped[User | None] = relationship(lazy="raise")


class ShipmentLabel(Model):
    """Where copies of a number went, in the words of then; a contract gets a number once."""

    __tablename__ = "shipment_labels"
    __table_args__ = (
        sa.UniqueConstraint("issue_id", "contract_id"),
        sa.CheckConstraint("copies > 0", name="copies_positive"),
    )

    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey("shipments.id"), index=True)
    shipment: Mapped[Shipment] = relationship(lazy="raise")
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"))
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contracts.id"), index=True)
    contract: Mapped[Contract] = relationship(lazy="raise")
    copies: Mapped[int]
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    name: Mapped[str] = mapped_column(sa.String(200))
    address: Mapped[str] = mapped_column(sa.String(300))
    postcode: Mapped[str] = mapped_column(sa.String(10))
    city: Mapped[str] = mapped_column(sa.String(100))

    @property
    def written(self) -> postal.Written:
        """The address as it stands on the label."""
        return postal.on_label(
            organisation=self.organisation,
            name=self.name,
            address=self.address,
            postcode=self.postcode,
            city=self.city,
        )

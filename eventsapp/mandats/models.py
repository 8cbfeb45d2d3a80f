"""The dossier of an order that a public body pays by mandat."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.files.models import StoredFile
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.orders.models import Order


class MandatDossier(Model):
    """Where the papers of one order stand; SIRET, service code and commitment number are the order's."""

    __tablename__ = "mandat_dossiers"
    __table_args__ = (sa.Index(None, "status", "remind_at"),)

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), unique=True)
    order: Mapped[Order] = relationship(lazy="raise")
    status: Mapped[MandatStatus]
    #: Since when the purchase order is awaited, from when on the buyer is to be reminded of it, and when that was
    #: done: once a time.
    awaited_since: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    purchase_order_number: Mapped[str] = mapped_column(sa.String(50), default="")
    purchase_order_file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    purchase_order_file: Mapped[StoredFile | None] = relationship(lazy="raise")
    received_at: Mapped[datetime | None]
    service_done_at: Mapped[datetime | None]
    #: What the portal answered.
    deposit_number: Mapped[str] = mapped_column(sa.String(50), default="")
    deposited_on: Mapped[date | None]
    #: Why the body refused the invoice, last time.
    rejection: Mapped[str] = mapped_column(sa.String(300), default="")
    paid_at: Mapped[datetime | None]

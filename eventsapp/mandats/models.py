"""The dossier of an order that a public body pays by mandat."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.files.models import StoredFile
from eventsapp.invoices.models import Invoice
from eventsapp.mandats.statuses import DepositState, MandatStatus
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


class PortalDeposit(Model):
    """A deposit that somebody asked for: work after the commit, so that no transaction waits for a portal."""

    __tablename__ = "portal_deposits"
    __table_args__ = (
        sa.CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name="waiting_has_its_time"),
        sa.Index(None, "state", "due_at"),
    )

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoices.id"), index=True)
    invoice: Mapped[Invoice] = relationship(lazy="raise")
    state: Mapped[DepositState]
    #: What somebody typed who deposited it by hand.
    typed_number: Mapped[str] = mapped_column(sa.String(50), default="")
    typed_on: Mapped[date | None]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    #: When it is tried; while one tries, until when nobody else does.
    due_at: Mapped[datetime | None]
    #: Tries begun: one that kills its process counts as well.
    attempts: Mapped[int] = mapped_column(default=0)
    #: Why it failed, or what the last try said.
    problem: Mapped[str] = mapped_column(sa.String(300), default="")

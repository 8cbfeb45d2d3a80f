"""Numbers, invoices and credit notes, the sentences that the law wants on them, and quotes."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.files.models import StoredFile
from eventsapp.invoices import rules
from eventsapp.invoices.statuses import Check, DocumentKind, QuoteState
from eventsapp.orders.models import Order
from eventsapp.organisations.statuses import CustomerKind


class NumberSeries(Model):
    """The last rank given in a series; its row is locked while the next is taken, so that none is left out."""

    __tablename__ = "number_series"
    __table_args__ = (sa.UniqueConstraint("kind", "year", "is_test"),)

    kind: Mapped[DocumentKind]
    year: Mapped[int]
    #: Trials and the demonstration have series of their own: they never use up a real number.
    is_test: Mapped[bool] = mapped_column(default=False)
    last: Mapped[int] = mapped_column(default=0)
    #: The date that stands beside it: no later rank has an earlier one.
    last_on: Mapped[date | None]


class InvoiceTerms(Model):
    """What the office has printed on every invoice; one row."""

    __tablename__ = "invoice_terms"

    #: « SARL au capital de 10 000 € ».
    legal_form: Mapped[str] = mapped_column(sa.String(200), default="")
    #: « RCS Angers 000 000 000 ».
    register: Mapped[str] = mapped_column(sa.String(200), default="")
    #: For companies, for public bodies (Code de la commande publique R2192-31, D2192-35), and for consumers, who owe
    #: no fixed fee.
    late_penalty: Mapped[str] = mapped_column(sa.Text, default="")
    late_penalty_public: Mapped[str] = mapped_column(sa.Text, default="")
    late_penalty_person: Mapped[str] = mapped_column(sa.Text, default="")
    recovery_fee: Mapped[str] = mapped_column(sa.Text, default="")
    recovery_fee_public: Mapped[str] = mapped_column(sa.Text, default="")
    recovery_fee_person: Mapped[str] = mapped_column(sa.Text, default="")
    early_payment: Mapped[str] = mapped_column(sa.Text, default="")
    #: Of a declared training body (Code du travail L6352-12): on what sells a service.
    training_declaration: Mapped[str] = mapped_column(sa.Text, default="")
    mentions: Mapped[str] = mapped_column(sa.Text, default="")
    vat_on_debits: Mapped[bool] = mapped_column(default=False)
    #: Days for which a quote is valid.
    quote_days: Mapped[int] = mapped_column(default=30)
    updated_at: Mapped[datetime | None]


class Invoice(Model):
    """An invoice or a credit note: issued once, never changed; taken back only by a credit note."""

    __tablename__ = "invoices"
    __table_args__ = (
        sa.UniqueConstraint("kind", "year", "is_test", "rank"),
        sa.CheckConstraint("rank > 0", name="rank_positive"),
        sa.CheckConstraint("total_cents >= 0", name="total_positive"),
    )

    kind: Mapped[DocumentKind]
    year: Mapped[int]
    rank: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(35), unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise")
    #: What a credit note takes back.
    credits_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoices.id"), index=True)
    credits: Mapped["Invoice | None"] = relationship(
        lazy="raise", remote_side="Invoice.id", foreign_keys="Invoice.credits_id"
    )
    #: Of a credit note: the invoice that says it anew, with which its buyer is told of it.
    told_with_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoices.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    #: Of the office's form that asked for a credit note, or to bill an order anew: sent twice, it is one.
    form_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    issued_on: Mapped[date] = mapped_column(index=True)
    issued_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(index=True)
    buyer_name: Mapped[str] = mapped_column(sa.String(200), index=True)
    #: By which sales are reported.
    customer_kind: Mapped[CustomerKind] = mapped_column(index=True)
    net_cents: Mapped[int]
    vat_cents: Mapped[int]
    total_cents: Mapped[int]
    #: ``values.Content`` as JSON: what is printed, whatever becomes of the order.
    content: Mapped[dict[str, Any]]
    #: What the validators say; the worker makes the files and asks them.
    check: Mapped[Check] = mapped_column(default=Check.PENDING, index=True)
    #: Rule and text, one pair each.
    problems: Mapped[list[Any]] = mapped_column(default=list)
    attempts: Mapped[int] = mapped_column(default=0)
    pdf_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    pdf: Mapped[StoredFile | None] = relationship(lazy="raise")
    #: The electronic invoice as it is embedded in the PDF; empty where the buyer is nobody's business.
    xml: Mapped[str] = mapped_column(sa.Text, default="")
    sent_at: Mapped[datetime | None]
    is_test: Mapped[bool] = mapped_column(default=False)

    lines: Mapped[list["InvoiceLine"]] = relationship(
        lazy="raise", order_by="InvoiceLine.position", back_populates="invoice"
    )


class InvoiceLine(Model):
    """What was invoiced or credited of one line of the order: for what is left to credit, and for the books."""

    __tablename__ = "invoice_lines"
    __table_args__ = (sa.UniqueConstraint("invoice_id", "position"),)

    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoices.id", ondelete="CASCADE"))
    invoice: Mapped[Invoice] = relationship(lazy="raise", back_populates="lines")
    order_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("order_lines.id"), index=True)
    #: Which part of that line, from 1: each has its own rate of tax.
    part: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(sa.String(300))
    quantity: Mapped[int]
    vat_rate: Mapped[int]
    #: The code in VATEX of why no tax is due.
    exemption_code: Mapped[str] = mapped_column(sa.String(40), default="")
    net_cents: Mapped[int]
    gross_cents: Mapped[int]


class QuoteRecord(Model):
    """A promise: what an order would be, at which prices, until when; it takes no seat and no invoice's number."""

    __tablename__ = "quotes"
    __table_args__ = (sa.CheckConstraint("total_cents >= 0", name="total_positive"),)

    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    secret: Mapped[str] = mapped_column(sa.String(64))
    #: Of the very request under the form's key: sent twice, it is one quote.
    request_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    #: The last day on which it may be ordered.
    valid_until: Mapped[date] = mapped_column(index=True)
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    buyer_name: Mapped[str] = mapped_column(sa.String(200))
    billed_to: Mapped[str] = mapped_column(sa.String(200), index=True)
    siret: Mapped[str] = mapped_column(sa.String(14), default="")
    #: The code of the method that the order will be paid by: while the quote is there, so is the method.
    payment_method: Mapped[str] = mapped_column(sa.ForeignKey("payment_methods.code"), index=True)
    #: What the order will be made from, as the checkout writes it, and the prices promised for it.
    request: Mapped[dict[str, Any]]
    prices: Mapped[list[Any]]
    #: ``values.Content`` as JSON: what is printed, whatever the terms say later.
    content: Mapped[dict[str, Any]]
    total_cents: Mapped[int]
    vat_cents: Mapped[int]
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"), unique=True)
    order: Mapped[Order | None] = relationship(lazy="raise")
    is_test: Mapped[bool] = mapped_column(default=False)

    def state(self, today: date) -> QuoteState:
        """Where it stands on that day."""
        if self.order_id is not None:
            return QuoteState.ORDERED
        return QuoteState.VALID if rules.is_valid(valid_until=self.valid_until, today=today) else QuoteState.EXPIRED

"""Invoices one by one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice, InvoiceTerms
from eventsapp.invoices.statuses import Check, DocumentKind
from eventsapp.invoices.values import Content, content_from_json

#: How long the files of an invoice may be on their way before somebody must look.
PATIENCE = timedelta(hours=1)


def terms() -> InvoiceTerms:
    """Return what the office has printed on every invoice."""
    return db.session.scalars(sa.select(InvoiceTerms)).one()


def of_order(order_id: int) -> Sequence[Invoice]:
    """Return the invoices and credit notes of an order, oldest first, each with its PDF."""
    return db.session.scalars(
        sa.select(Invoice).where(Invoice.order_id == order_id).order_by(Invoice.id).options(joinedload(Invoice.pdf))
    ).all()


_note = aliased(Invoice)
#: Not wholly taken back: what a credit note took back whole says nothing any more, whatever the validators said of it.
STANDING = Invoice.total_cents > (
    sa.select(sa.func.coalesce(sa.func.sum(_note.total_cents), 0))
    .where(_note.credits_id == Invoice.id)
    .correlate(Invoice)
    .scalar_subquery()
)
#: The validators refuse it: somebody must look, and it was never sent.
REFUSED = sa.and_(Invoice.check == Check.INVALID, STANDING)


def held_up(now: datetime) -> list[sa.Select[int]]:
    """Return the keys of the orders, paid or not, of which an invoice is refused by the validators or late.

    Each statement reads the few invoices that are concerned by their index.
    """
    late = sa.and_(Invoice.check == Check.PENDING, Invoice.issued_at < now - PATIENCE)
    return [sa.select(Invoice.order_id).where(REFUSED), sa.select(Invoice.order_id).where(late)]


def is_any_held_up(issued: Sequence[Invoice], *, now: datetime) -> bool:
    """Return what ``held_up`` says, of all that was issued for one order."""
    credited: dict[int | None, int] = {}
    for note in issued:
        credited[note.credits_id] = credited.get(note.credits_id, 0) + note.total_cents
    return any(
        (row.check is Check.INVALID and row.total_cents > credited.get(row.id, 0))
        or (row.check is Check.PENDING and row.issued_at < now - PATIENCE)
        for row in issued
    )


def by_number(number: str) -> Invoice | None:
    """Return an invoice or credit note with its lines, its order, its PDF and what it credits."""
    return db.session.scalar(
        sa.select(Invoice)
        .where(Invoice.number == number)
        .options(
            selectinload(Invoice.lines),
            joinedload(Invoice.order),
            joinedload(Invoice.pdf),
            joinedload(Invoice.credits),
        )
    )


def in_full(invoice_id: int) -> Invoice:
    """Return that invoice with its lines."""
    return db.session.scalars(
        sa.select(Invoice).where(Invoice.id == invoice_id).options(selectinload(Invoice.lines))
    ).one()


def standing_invoice(order_id: int) -> Invoice | None:
    """Return the invoice of an order that is not wholly taken back, lines and file loaded, or ``None``: one at most."""
    return db.session.scalar(
        sa.select(Invoice)
        .where(Invoice.order_id == order_id, Invoice.kind == DocumentKind.INVOICE, STANDING)
        .order_by(Invoice.id.desc())
        .limit(1)
        .options(selectinload(Invoice.lines), joinedload(Invoice.pdf))
    )


def by_form_key(form_key: str) -> Invoice | None:
    """Return the invoice or credit note that the form with that key made before, or ``None``."""
    return db.session.scalar(sa.select(Invoice).where(Invoice.form_key == form_key))


def credited_cents(invoice_id: int) -> int:
    """Return what credit notes took back of an invoice, tax included."""
    return (
        db.session.scalar(
            sa.select(sa.func.sum(Invoice.total_cents)).where(
                Invoice.credits_id == invoice_id, Invoice.kind == DocumentKind.CREDIT_NOTE
            )
        )
        or 0
    )


def content_of(invoice: Invoice) -> Content:
    """Return what the invoice says, as it was frozen."""
    return content_from_json(invoice.content)


def is_invoiced(order_id: int) -> bool:
    """Return whether an invoice of the order still says something: not all of it was credited."""
    standing = sa.exists().where(Invoice.order_id == order_id, Invoice.kind == DocumentKind.INVOICE, STANDING)
    return db.session.scalar(sa.select(standing)) is True


def credit_notes_of(invoice_id: int) -> Sequence[Invoice]:
    """Return the credit notes that took something back of an invoice, oldest first."""
    return db.session.scalars(sa.select(Invoice).where(Invoice.credits_id == invoice_id).order_by(Invoice.id)).all()

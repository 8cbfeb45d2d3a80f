"""Taking an invoice back, in full or in part: a credit note under a number of its own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.invoices import queries, rules
from eventsapp.invoices.errors import CreditTooHigh
from eventsapp.invoices.models import Invoice, InvoiceLine
from eventsapp.invoices.rules import Sold
from eventsapp.invoices.service._issue import write
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.invoices.values import Circumstances, Content
from eventsapp.orders.models import Order


def credit(
    order: Order,
    invoice_id: int,
    *,
    amount_cents: int | None = None,
    reason: str,
    now: datetime,
    actor: User | None = None,
) -> Invoice:
    """Credit ``amount_cents`` (tax included; default: all that is left) of an invoice of a locked order.

    Raises ``NotCreditable`` for a credit note, ``CreditTooHigh`` when nothing, or less than asked, is left of it.
    """
    invoice = _locked(invoice_id)
    rules.require_creditable(invoice.kind)
    issued = queries.content_of(invoice)
    left = _left(invoice, issued)
    most = sum(piece.gross_cents for piece in left)
    amount_cents = most if amount_cents is None else amount_cents
    if not 0 < amount_cents <= most:
        message = _("Il ne reste pas tant à reprendre de cette facture.")
        raise CreditTooHigh(message, errors={"/amount_cents": message})
    whole = amount_cents == most
    sold = left if whole else rules.part(left, amount_cents=amount_cents)
    circumstances = Circumstances(
        goods=issued.nature != "services",
        services=issued.nature != "goods",
        supplied_from=issued.supplied_from,
        supplied_to=issued.supplied_to,
        payment_days=0,
        paid_cents=0,
        payment_means=issued.payment_means,
        payment_label=issued.payment_label,
        public=issued.buyer.public,
        purchase_order=issued.buyer.purchase_order,
    )
    return write(
        order,
        DocumentKind.CREDIT_NOTE,
        sold,
        circumstances,
        now=now,
        actor=actor,
        credited=invoice,
        nets_by_rate=_nets_left(invoice) if whole else None,
        reason=reason,
    )


def credit_rest(order: Order, *, reason: str, now: datetime, actor: User | None = None) -> list[Invoice]:
    """Credit all that is left of the invoices of a locked order."""
    return [
        credit(order, invoice.id, reason=reason, now=now, actor=actor)
        for invoice in queries.of_order(order.id)
        if invoice.kind is DocumentKind.INVOICE and queries.credited_cents(invoice.id) < invoice.total_cents
    ]


def _locked(invoice_id: int) -> Invoice:
    return db.session.scalars(
        sa.select(Invoice).where(Invoice.id == invoice_id).options(selectinload(Invoice.lines)).with_for_update()
    ).one()


def _left(invoice: Invoice, issued: Content) -> list[Sold]:
    """Return what was invoiced and not credited yet, line by line; ``issued`` says why some bear no tax."""
    credited: dict[tuple[int | None, int], int] = defaultdict(int)
    for line in _credited_lines(invoice):
        credited[line.order_line_id, line.part] += line.gross_cents
    left = []
    for line, said in zip(invoice.lines, issued.lines, strict=True):
        piece = Sold(
            label=line.label,
            detail="",
            quantity=line.quantity,
            gross_cents=line.gross_cents,
            vat_rate=line.vat_rate,
            exemption=said.exemption,
            exemption_code=said.exemption_code,
            order_line_id=line.order_line_id,
            part=line.part,
        )
        taken = credited[line.order_line_id, line.part]
        if taken:
            piece = replace(piece, gross_cents=line.gross_cents - taken, quantity=1)
        if piece.gross_cents:
            left.append(piece)
    return left


def _nets_left(invoice: Invoice) -> dict[int, int]:
    """Return what is left before tax at each rate: credit notes in part have rounded on their own."""
    nets: dict[int, int] = defaultdict(int)
    for line in invoice.lines:
        nets[line.vat_rate] += line.net_cents
    for line in _credited_lines(invoice):
        nets[line.vat_rate] -= line.net_cents
    return nets


def _credited_lines(invoice: Invoice) -> Sequence[InvoiceLine]:
    return db.session.scalars(
        sa.select(InvoiceLine).join(InvoiceLine.invoice).where(Invoice.credits_id == invoice.id)
    ).all()

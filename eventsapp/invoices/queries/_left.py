"""What of an invoice no credit note has taken back yet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice, InvoiceLine
from eventsapp.invoices.rules import Sold
from eventsapp.invoices.values import content_from_json


def lines_left(invoice: Invoice) -> list[Sold]:
    """Return what was invoiced and not credited yet, line by line; the lines of the invoice are loaded."""
    credited: dict[tuple[int | None, int], int] = defaultdict(int)
    for line in _credited_lines(invoice):
        credited[line.order_line_id, line.part] += line.gross_cents
    left = [
        replace(piece, gross_cents=piece.gross_cents - taken, quantity=1)
        if (taken := credited[piece.order_line_id, piece.part])
        else piece
        for piece in invoiced(invoice)
    ]
    return [piece for piece in left if piece.gross_cents]


def invoiced(invoice: Invoice) -> list[Sold]:
    """Return what was invoiced, line by line; the lines of the invoice are loaded."""
    return [
        Sold(
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
        # What it says keeps why some bear no tax.
        for line, said in zip(invoice.lines, content_from_json(invoice.content).lines, strict=True)
    ]


def nets_left(invoice: Invoice) -> dict[int, int]:
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

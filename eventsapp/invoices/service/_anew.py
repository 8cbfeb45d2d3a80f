"""Invoicing what credit notes just took back, under another name."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.invoices import queries
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.rules import Sold
from eventsapp.invoices.service._issue import sold_by, tell_waiting_notes_with, write
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.invoices.values import Circumstances
from eventsapp.orders.models import Order


def issue_anew(
    order: Order,
    taken_back: Sequence[Invoice],
    circumstances: Circumstances,
    *,
    now: datetime,
    actor: User | None = None,
    form_key: str | None = None,
) -> Invoice:
    """Invoice what the credit notes ``taken_back`` of a locked order say, to the cent, to whom it is billed now.

    What was credited before stays credited. The buyer is told of all of them in one mail, once all files are made.
    """
    details = {(piece.order_line_id, piece.part): piece for piece in sold_by(order)}
    sold: list[Sold] = []
    nets: dict[int, int] = {}
    for note in taken_back:
        # What it says keeps why some bear no tax.
        for line, said in zip(note.lines, queries.content_of(note).lines, strict=True):
            whole = details.get((line.order_line_id, line.part))
            sold.append(
                Sold(
                    label=line.label,
                    detail=whole.detail if whole and whole.gross_cents == line.gross_cents else "",
                    discount_cents=whole.discount_cents if whole and whole.gross_cents == line.gross_cents else 0,
                    quantity=line.quantity,
                    gross_cents=line.gross_cents,
                    vat_rate=line.vat_rate,
                    exemption=said.exemption,
                    exemption_code=said.exemption_code,
                    order_line_id=line.order_line_id,
                    part=line.part,
                )
            )
            nets[line.vat_rate] = nets.get(line.vat_rate, 0) + line.net_cents
    made = write(order, DocumentKind.INVOICE, sold, circumstances, now=now, actor=actor, nets_by_rate=nets)
    tell_waiting_notes_with(made)
    made.form_key = form_key
    for note in taken_back:
        note.told_with_id = made.id
    return made

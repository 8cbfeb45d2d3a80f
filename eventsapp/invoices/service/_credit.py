"""Taking an invoice back, in full or in part: a credit note under a number of its own."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.invoices import queries, rules
from eventsapp.invoices.errors import CreditTooHigh
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.service._issue import write
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.invoices.values import Circumstances, CreditPart
from eventsapp.orders.models import Order


def credit(
    order: Order,
    invoice_id: int,
    *,
    parts: Sequence[CreditPart] = (),
    reason: str,
    now: datetime,
    actor: User | None = None,
    form_key: str | None = None,
) -> Invoice:
    """Credit ``parts`` of an invoice of a locked order, tax included; without any, all that is left of it.

    What the order costs afterwards is the caller's to say.
    Raises ``NotCreditable`` for a credit note, ``CreditTooHigh`` when nothing, or less than asked, is left of it.
    """
    invoice = _locked(invoice_id)
    rules.require_creditable(invoice.kind)
    left = queries.lines_left(invoice)
    if not rules.gross_of(left):
        raise CreditTooHigh("Il ne reste rien à reprendre de cette facture.")
    sold = rules.picked(left, parts, invoiced=queries.invoiced(invoice)) if parts else left
    issued = queries.content_of(invoice)
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
        delivered_to=issued.delivered_to,
    )
    return write(
        order,
        DocumentKind.CREDIT_NOTE,
        sold,
        circumstances,
        now=now,
        actor=actor,
        credited=invoice,
        nets_by_rate=rules.nets_of_part(sold, left=left, nets_left=queries.nets_left(invoice)),
        reason=reason,
        form_key=form_key,
    )


def credit_rest(order: Order, *, reason: str, now: datetime, actor: User | None = None) -> list[Invoice]:
    """Credit all that is left of the invoices of a locked order."""
    standing = queries.standing_invoice(order.id)
    return [credit(order, standing.id, reason=reason, now=now, actor=actor)] if standing else []


def _locked(invoice_id: int) -> Invoice:
    return db.session.scalars(
        sa.select(Invoice).where(Invoice.id == invoice_id).options(selectinload(Invoice.lines)).with_for_update()
    ).one()

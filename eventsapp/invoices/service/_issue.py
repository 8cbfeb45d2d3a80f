"""Issuing an invoice: its number, and what it says from then on."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, i18n, queue, settings
from eventsapp.core.db import db
from eventsapp.invoices import queries, rules
from eventsapp.invoices.errors import NothingToInvoice
from eventsapp.invoices.models import Invoice, InvoiceLine, InvoiceTerms
from eventsapp.invoices.rules import Sold
from eventsapp.invoices.service._numbers import next_rank
from eventsapp.invoices.statuses import DocumentKind, Nature
from eventsapp.invoices.values import (
    Buyer,
    Circumstances,
    Content,
    Reference,
    Seller,
    Terms,
    content_to_json,
)
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order, OrderLine
from eventsapp.organisations.rules import customer_kind
from eventsapp.organisations.statuses import CustomerKind

#: The sweep that makes the files of what was issued.
SWEEP = "invoices.finish"


def issue(order: Order, circumstances: Circumstances, *, now: datetime, actor: User | None = None) -> Invoice:
    """Invoice a locked order, its lines loaded.

    The number and the frozen content are of this transaction; the worker makes the files.
    Raises ``NotInvoiceable`` while it is not firm, and ``NothingToInvoice`` when it is free or invoiced already.
    """
    rules.require_invoiceable(order.status, without_seat=order.paid_without_seat)
    if not order.owed_cents or queries.is_invoiced(order.id):
        raise NothingToInvoice(_("Cette commande est déjà facturée, ou gratuite."))
    invoice = write(order, DocumentKind.INVOICE, sold_by(order), circumstances, now=now, actor=actor)
    tell_waiting_notes_with(invoice)
    return invoice


def issue_first(order: Order, circumstances: Circumstances, *, now: datetime) -> Invoice:
    """Invoice an order that this very transaction placed and that costs something: nothing was issued for it before.

    Raises ``NotInvoiceable`` while it is not firm.
    """
    rules.require_invoiceable(order.status, without_seat=order.paid_without_seat)
    return write(order, DocumentKind.INVOICE, sold_by(order), circumstances, now=now, actor=None)


def sold_by(order: Order) -> list[Sold]:
    """Return what an order sells, its lines loaded with their tax, without what was taken back.

    What costs nothing is on no paper. It is told in the language of the order.
    """
    with i18n.speaking(order.locale):
        return _pieces(order)


def _pieces(order: Order) -> list[Sold]:
    return [
        piece
        for line in order.lines
        for piece in rules.pieces(
            [part.value for part in line.vat_parts],
            label=line.local_label,
            detail=_detail(line),
            quantity=max(1, line.quantity_left),
            ordered=line.quantity,
            owed_cents=line.owed_cents,
            order_line_id=line.id,
            kept_cents=line.kept_cents,
        )
        if piece.gross_cents
    ]


def _detail(line: OrderLine) -> str:
    """Return who a line is for, and what became of it since it was ordered."""
    said = [line.detail] if line.detail else []
    if line.cancelled_quantity:
        said.append(
            ngettext(
                "%(num)s sur %(all)s annulée", "%(num)s sur %(all)s annulées", line.cancelled_quantity,
                all=line.quantity,
            )
        )  # fmt: skip
    if line.kept_cents:
        said.append(_("dont %(amount)s de frais d’annulation", amount=i18n.money(line.kept_cents)))
    return " – ".join(said)


def write(
    order: Order,
    kind: DocumentKind,
    sold: Sequence[Sold],
    circumstances: Circumstances,
    *,
    now: datetime,
    actor: User | None,
    credited: Invoice | None = None,
    nets_by_rate: Mapping[int, int] | None = None,
    reason: str = "",
    form_key: str | None = None,
) -> Invoice:
    """Write the invoice or credit note that says ``sold``, under the next number."""
    terms = queries.terms()
    lines, shares = rules.lines(sold, nets_by_rate=nets_by_rate)
    total_cents = sum(share.gross_cents for share in shares)
    settled = circumstances.paid_cents >= total_cents
    nature = rules.nature(goods=circumstances.goods, services=circumstances.services)
    billed_to = buyer(order, circumstances)
    kind_of_customer = CustomerKind(billed_to.kind)
    printed = printed_terms(terms, kind=kind_of_customer, nature=nature)
    today = clock.local_date(now)
    # What takes an invoice back is not older than it.
    on = max(today, credited.issued_on) if credited else today
    # Whoever issues next waits from here until the transaction ends: what can be done before is done.
    rank, issued_on = next_rank(kind, on=on, is_test=order.is_test)
    content = Content(
        kind=kind,
        number=rules.number(kind, year=issued_on.year, rank=rank, is_test=order.is_test),
        issued_on=issued_on,
        due_on=rules.due_on(issued_on=issued_on, payment_days=circumstances.payment_days, paid=settled),
        supplied_from=circumstances.supplied_from,
        supplied_to=circumstances.supplied_to,
        nature=nature,
        order_reference=order.reference,
        seller=seller(terms),
        buyer=billed_to,
        lines=lines,
        shares=shares,
        terms=printed,
        paid_cents=min(circumstances.paid_cents, total_cents),
        paid_on=circumstances.paid_on if settled else None,
        payment_means=circumstances.payment_means,
        payment_label=circumstances.payment_label,
        delivered_to=circumstances.delivered_to,
        credits=Reference(number=credited.number, issued_on=credited.issued_on) if credited else None,
        reason=reason,
        language=order.locale,
    )
    invoice = Invoice(
        kind=kind,
        year=issued_on.year,
        rank=rank,
        number=content.number,
        order_id=order.id,
        credits_id=credited.id if credited else None,
        reason=reason,
        form_key=form_key,
        issued_on=issued_on,
        issued_at=now,
        due_on=content.due_on,
        buyer_name=content.buyer.name,
        customer_kind=kind_of_customer,
        net_cents=content.net_cents,
        vat_cents=content.vat_cents,
        total_cents=content.total_cents,
        content=content_to_json(content),
        is_test=order.is_test,
        lines=[
            InvoiceLine(
                position=position,
                order_line_id=line.order_line_id,
                part=line.part,
                label=line.label,
                quantity=line.quantity,
                vat_rate=line.vat_rate,
                exemption_code=line.exemption_code,
                net_cents=line.net_cents,
                gross_cents=line.gross_cents,
            )
            for position, line in enumerate(lines, start=1)
        ],
    )
    db.session.add(invoice)
    audit.record(
        f"invoices.{kind.value}",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        changes={"number": invoice.number, "amount_cents": invoice.total_cents},
    )
    db.session.flush()
    queue.nudge(SWEEP)
    return invoice


def tell_waiting_notes_with(invoice: Invoice) -> None:
    """Have credit notes of the order that still wait told with a new invoice: what they waited for is taken back."""
    db.session.execute(
        sa.update(Invoice)
        .where(Invoice.order_id == invoice.order_id, Invoice.told_with_id.is_not(None), Invoice.sent_at.is_(None))
        .values(told_with_id=invoice.id)
    )


def printed_terms(terms: InvoiceTerms, *, kind: CustomerKind, nature: Nature) -> Terms:
    """Return the sentences as they are frozen: what late payment costs depends on who buys."""
    late_penalty, recovery_fee = rules.late_payment(terms, kind)
    return Terms(
        late_penalty=late_penalty,
        recovery_fee=recovery_fee,
        early_payment=terms.early_payment,
        training_declaration="" if nature is Nature.GOODS else terms.training_declaration,
        mentions=terms.mentions,
        vat_on_debits=terms.vat_on_debits,
    )


def seller(terms: InvoiceTerms) -> Seller:
    """Return who issues the paper, as the settings and the office's sentences say now."""
    known = settings.current().seller
    street, postcode, city = rules.split_address(known.address)
    return Seller(
        name=known.name,
        street=street,
        postcode=postcode,
        city=city,
        siret=known.siret,
        vat_number=known.vat_number,
        legal_form=terms.legal_form,
        register=terms.register,
        iban=known.iban,
        bic=known.bic,
        email=settings.current().mail_from,
    )


def buyer(order: Order, circumstances: Circumstances) -> Buyer:
    """Return to whom an order is billed."""
    return Buyer(
        name=order.billed_to,
        contact=order.buyer_name if order.billing_name else "",
        street=order.billing_address,
        postcode=order.billing_postcode,
        city=order.billing_city,
        email=order.billing_email or order.email,
        siret=order.siret,
        service_code=order.service_code,
        commitment_number=order.commitment_number,
        purchase_order=circumstances.purchase_order,
        vat_number=order.vat_number,
        kind=customer_kind(name=order.billing_name, siret=order.siret, pays_by_mandat=circumstances.public),
        public=circumstances.public,
    )

"""Keeping quotes: a reference and a link, what they promise, and until when."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import i18n, references
from eventsapp.core.db import db
from eventsapp.invoices import mails, queries, rules
from eventsapp.invoices.models import QuoteRecord
from eventsapp.invoices.service._issue import printed_terms, seller
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.invoices.values import Buyer, Content, QuoteDraft, content_to_json
from eventsapp.organisations.rules import customer_kind


def keep_quote(draft: QuoteDraft, *, now: datetime, actor: User | None = None) -> QuoteRecord:
    """Write a quote under a new reference, what it says frozen, and send its link to whoever asked for it."""
    # « D » for « devis »: read out on the telephone, a quote is not taken for the order that it becomes.
    reference = f"D-{references.new_reference(now)}"
    with i18n.speaking(draft.locale):
        content = _content(draft, reference=reference)
    billing, buyer = draft.billing, draft.buyer
    record = QuoteRecord(
        reference=reference,
        secret=references.new_secret(),
        request_key=draft.key,
        made_at=now,
        valid_until=draft.valid_until,
        locale=draft.locale,
        email=buyer.email,
        buyer_name=f"{buyer.first_name} {buyer.last_name}".strip(),
        billed_to=content.buyer.name,
        siret=billing.siret,
        payment_method=draft.payment_method,
        request=draft.request,
        prices=draft.prices,
        content=content_to_json(content),
        total_cents=content.total_cents,
        vat_cents=content.vat_cents,
        is_test=draft.is_test,
    )
    db.session.add(record)
    db.session.flush()
    audit.record(
        "quotes.make",
        subject=("quote", record.id, record.reference),
        now=now,
        actor=actor,
        by=record.buyer_name,
        changes={"amount_cents": record.total_cents},
    )
    mails.quote_made(record, now=now)
    return record


def lock_quote(quote_id: int) -> QuoteRecord:
    """Return the quote as it stands now, its order loaded, kept from others until the transaction ends."""
    return db.session.scalars(
        sa.select(QuoteRecord)
        .where(QuoteRecord.id == quote_id)
        .options(joinedload(QuoteRecord.order))
        .with_for_update(of=QuoteRecord)
        .execution_options(populate_existing=True)
    ).one()


def _content(draft: QuoteDraft, *, reference: str) -> Content:
    billing, buyer = draft.billing, draft.buyer
    terms = queries.terms()
    person = f"{buyer.first_name} {buyer.last_name}".strip()
    kind = customer_kind(name=billing.organisation, siret=billing.siret, pays_by_mandat=draft.public)
    nature = rules.nature(goods=draft.goods, services=draft.services)
    lines, shares = rules.lines(
        piece
        for line in draft.lines
        for piece in rules.pieces(
            line.vat_parts,
            label=i18n.choose(line.label, line.label_en),
            detail=line.detail,
            quantity=line.quantity,
        )
    )
    return Content(
        kind=DocumentKind.INVOICE,
        number=reference,
        issued_on=draft.made_on,
        due_on=None,
        supplied_from=draft.supplied_from,
        supplied_to=draft.supplied_to,
        nature=nature,
        order_reference="",
        seller=seller(terms),
        buyer=Buyer(
            name=billing.organisation or person,
            contact=person if billing.organisation else "",
            street=billing.address,
            postcode=billing.postcode,
            city=billing.city,
            email=billing.email or buyer.email,
            siret=billing.siret,
            service_code=billing.service_code,
            commitment_number=billing.commitment_number,
            vat_number=billing.vat_number,
            public=draft.public,
            kind=kind,
        ),
        lines=lines,
        shares=shares,
        terms=printed_terms(terms, kind=kind, nature=nature),
        payment_label=draft.payment_label,
        language=draft.locale,
    )

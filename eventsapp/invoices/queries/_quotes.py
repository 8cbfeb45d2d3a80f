"""Quotes one by one, and the office's list of them."""

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.core.references import same_secret
from eventsapp.invoices.models import QuoteRecord
from eventsapp.invoices.statuses import QuoteState
from eventsapp.invoices.values import Content, content_from_json

QUOTE_WORDS = {
    QuoteState.VALID: _l("Valable"),
    QuoteState.ORDERED: _l("Commandé"),
    QuoteState.EXPIRED: _l("Expiré"),
}
_TONES = {QuoteState.VALID: "wait", QuoteState.ORDERED: "good"}


def quote_for_link(reference: str, secret: str) -> QuoteRecord | None:
    """Return the quote that a private link opens, its order loaded, or ``None``."""
    found = quote_by_reference(reference)
    return found if found is not None and same_secret(secret, found.secret) else None


def quote_by_reference(reference: str) -> QuoteRecord | None:
    """Return the quote with that reference, its order loaded, or ``None``."""
    return db.session.scalar(
        sa.select(QuoteRecord).where(QuoteRecord.reference == reference).options(joinedload(QuoteRecord.order))
    )


def quote_by_key(key: str) -> QuoteRecord | None:
    """Return the quote that was made from that very request, or ``None``."""
    return db.session.scalar(sa.select(QuoteRecord).where(QuoteRecord.request_key == key))


def quote_content(record: QuoteRecord) -> Content:
    """Return what the quote says, as it was frozen."""
    return content_from_json(record.content)


def quote_list(*, today: date) -> Listing:
    """Return the list of quotes, the latest first."""
    valid = sa.and_(QuoteRecord.order_id.is_(None), QuoteRecord.valid_until >= today)
    expired = sa.and_(QuoteRecord.order_id.is_(None), QuoteRecord.valid_until < today)
    return Listing(
        name="devis",
        title=_l("Devis"),
        statement=sa.select(QuoteRecord),
        loads=(joinedload(QuoteRecord.order),),
        states=(
            State("tous", _l("Tous")),
            State("valables", _l("Valables"), where=valid),
            State("commandes", _l("Commandés"), where=QuoteRecord.order_id.is_not(None)),
            State("expires", _l("Expirés"), where=expired),
        ),
        search=(QuoteRecord.reference, QuoteRecord.billed_to, QuoteRecord.buyer_name, QuoteRecord.email,
                QuoteRecord.siret),
        domains=(QuoteRecord.email,),
        search_hint=_l("Référence, nom, organisme, courriel, SIRET"),
        filters=(
            Dates(name="fait", label=_l("Fait"), column=QuoteRecord.made_at),
            Dates(name="valable", label=_l("Valable jusqu’au"), column=QuoteRecord.valid_until),
        ),
        columns=(
            Column(
                "client",
                _l("Client"),
                lambda row: row.billed_to,
                opens=True,
                sort=QuoteRecord.billed_to,
                second=lambda row: row.buyer_name,
                second_label=_l("Contact"),
            ),
            Column("reference", _l("Référence"), lambda row: row.reference, kind=Kind.CODE, on_phone=False),
            Column(
                "etat", _l("État"), lambda row: QUOTE_WORDS[row.state(today)], kind=Kind.STATE,
                tone=lambda row: _TONES.get(row.state(today)),
                second=lambda row: row.order.reference if row.order else None, second_label=_l("Commande"),
            ),
            Column("fait", _l("Fait"), lambda row: row.made_at, kind=Kind.MOMENT, sort=QuoteRecord.made_at,
                   on_phone=False),
            Column("valable", _l("Valable jusqu’au"), lambda row: row.valid_until, kind=Kind.DATE,
                   sort=QuoteRecord.valid_until, on_phone=False),
            Column("total", _l("TTC"), lambda row: row.total_cents, kind=Kind.MONEY, sort=QuoteRecord.total_cents),
            Column("courriel", _l("Courriel"), lambda row: row.email, only_in_file=True),
            Column("siret", _l("SIRET"), lambda row: row.siret, only_in_file=True),
        ),
        order=(QuoteRecord.id.desc(),),
        empty=_l("Les devis paraîtront ici dès le premier."),
    )  # fmt: skip

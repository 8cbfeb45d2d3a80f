"""What the card gateway paid out, and what should still lie there."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from eventsapp.books.models import CardPayout
from eventsapp.books.values import CardBalance
from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing
from eventsapp.orders import queries as orders
from eventsapp.payments import queries as payments
from eventsapp.payments import rules as payment_rules
from eventsapp.payments.models import JournalEntry, Payment, Refund
from eventsapp.payments.statuses import Movement

_BATCH = 500


def payout(payout_id: int) -> CardPayout | None:
    """Return a payout, or ``None``."""
    return db.session.get(CardPayout, payout_id)


def known_payouts(references: Collection[str]) -> set[str]:
    """Return those of the names that a recorded payout has."""
    wanted, known = sorted(references), set[str]()
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        known |= set(db.session.scalars(sa.select(CardPayout.reference).where(CardPayout.reference.in_(batch))))
    return known


def unknown_payments(gateway_references: Collection[str]) -> list[str]:
    """Return those of Stripe's ids that no payment of ours has."""
    wanted, unknown = sorted(gateway_references), []
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        known = set(
            db.session.scalars(sa.select(Payment.gateway_reference).where(Payment.gateway_reference.in_(batch)))
        )
        unknown += [reference for reference in batch if reference not in known]
    return unknown


def card_balance(on: date) -> CardBalance:
    """Return what was paid by card up to ``on``, less what went back, and where it went."""
    cards = [method.code for method in payments.all_methods() if method.means_code == payment_rules.CARD_MEANS]
    by_hand = sa.and_(JournalEntry.refund_id.is_not(None), Refund.payment_id.is_(None))
    taken = db.session.scalar(
        sa.select(sa.func.sum(JournalEntry.amount_cents))
        .outerjoin(Refund, Refund.id == JournalEntry.refund_id)
        .where(
            JournalEntry.moved_on <= on,
            JournalEntry.method.in_(cards),
            JournalEntry.kind != Movement.TRANSFER,
            ~by_hand,
            orders.counted(JournalEntry.is_test),
        )
    )
    paid_out, fees = db.session.execute(
        sa.select(sa.func.sum(CardPayout.net_cents), sa.func.sum(CardPayout.fee_cents)).where(
            CardPayout.arrived_on <= on, orders.counted(CardPayout.is_test)
        )
    ).one()
    return CardBalance(taken_cents=int(taken or 0), paid_out_cents=int(paid_out or 0), fee_cents=int(fees or 0))


def payout_list() -> Listing:
    """Return the list of payouts, the latest first."""
    reversal = aliased(CardPayout)
    is_reversed = sa.exists().where(reversal.reverses_id == CardPayout.id).label("is_reversed")
    statement: Any = sa.select(CardPayout, is_reversed)
    return Listing(
        name="versements-des-cartes",
        title=_l("Versements des cartes"),
        statement=statement,
        search=(CardPayout.reference,),
        search_hint=_l("Nom du versement"),
        filters=(Dates(name="le", label=_l("Arrivé"), column=CardPayout.arrived_on),),
        columns=(
            Column(
                "versement",
                _l("Versement"),
                lambda row: row.CardPayout.reference,
                opens=True,
                second=lambda row: _l("contre-passé") if row.is_reversed else None,
                second_label=_l("État"),
            ),
            Column(
                "le",
                _l("Arrivé le"),
                lambda row: row.CardPayout.arrived_on,
                kind=Kind.DATE,
                sort=CardPayout.arrived_on,
            ),
            Column("brut", _l("Encaissé"), lambda row: row.CardPayout.gross_cents, kind=Kind.MONEY, on_phone=False),
            Column("frais", _l("Frais"), lambda row: row.CardPayout.fee_cents, kind=Kind.MONEY, on_phone=False),
            Column("net", _l("Versé"), lambda row: row.CardPayout.net_cents, kind=Kind.MONEY),
        ),
        order=(CardPayout.arrived_on.desc(), CardPayout.id.desc()),
        empty=_l("Les versements de Stripe paraîtront ici : importez son rapport, ou saisissez-en un."),
    )

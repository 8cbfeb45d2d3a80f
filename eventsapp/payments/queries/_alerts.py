"""Reading the alerts: card payments that do not fit, and their list in the office."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.orders.models import Order
from eventsapp.payments.models import PaymentAlert
from eventsapp.payments.rules import CURRENCY
from eventsapp.payments.statuses import AlertKind

_OPEN = PaymentAlert.handled_at.is_(None)


def alert(alert_id: int) -> PaymentAlert | None:
    """Return that alert, its order loaded, or ``None``."""
    return db.session.scalar(
        sa.select(PaymentAlert).where(PaymentAlert.id == alert_id).options(joinedload(PaymentAlert.order))
    )


def alert_of_payment(payment_id: str) -> PaymentAlert | None:
    """Return the alert about a payment at Stripe, or ``None``."""
    return db.session.scalar(sa.select(PaymentAlert).where(PaymentAlert.payment_id == payment_id))


def open_alerts_of(order_id: int, *, ending: str) -> Sequence[PaymentAlert]:
    """Return the alerts about an order that wait, and whose cause ends so, the first first."""
    return db.session.scalars(
        sa.select(PaymentAlert)
        .where(PaymentAlert.order_id == order_id, PaymentAlert.payment_id.endswith(ending, autoescape=True), _OPEN)
        .order_by(PaymentAlert.id)
    ).all()


def alerted_orders() -> Sequence[int]:
    """Return the keys of the orders that an alert waits for: nothing is done about them by itself."""
    return [
        order_id
        for order_id in db.session.scalars(sa.select(PaymentAlert.order_id).where(_OPEN).distinct())
        if order_id is not None
    ]


def taken_back(order_id: int) -> PaymentAlert | None:
    """Return the last alert that waits because money of an order was taken back at Stripe, or ``None``."""
    return db.session.scalar(
        sa.select(PaymentAlert)
        .where(
            PaymentAlert.order_id == order_id,
            PaymentAlert.kind.in_([AlertKind.REFUND, AlertKind.DISPUTE_LOST]),
            _OPEN,
        )
        .order_by(PaymentAlert.id.desc())
        .limit(1)
    )


def alert_list() -> Listing:
    """Return the list of alerts: those that wait, then those dealt with."""
    return Listing(
        name="alertes",
        title=_l("Alertes de paiement"),
        statement=sa.select(PaymentAlert).outerjoin(PaymentAlert.order),
        loads=(contains_eager(PaymentAlert.order),),
        states=(
            State("a-traiter", _l("À traiter"), where=_OPEN),
            State("traitees", _l("Traitées"), where=PaymentAlert.handled_at.is_not(None)),
        ),
        search=(PaymentAlert.reference, PaymentAlert.payment_id, Order.billing_name, Order.last_name, Order.email),
        search_hint=_l("Commande, paiement, client"),
        filters=(Dates(name="le", label=_l("Signalée"), column=PaymentAlert.raised_at),),
        columns=(
            Column(
                "probleme",
                _l("Problème"),
                lambda row: row.problem,
                opens=True,
                second=lambda row: row.order.billed_to if row.order else row.reference,
                second_label=_l("Client"),
            ),
            Column("commande", _l("Commande"), lambda row: row.reference, kind=Kind.CODE, on_phone=False),
            Column("paiement", _l("Paiement chez Stripe"), lambda row: row.payment_id, only_in_file=True),
            Column("devise", _l("Devise"), lambda row: row.currency.upper(), only_in_file=True),
            Column("note", _l("Ce qui a été fait"), lambda row: row.note, on_phone=False),
            Column(
                "montant",
                _l("Montant"),
                lambda row: row.amount_cents if row.currency == CURRENCY else None,
                kind=Kind.MONEY,
                sort=PaymentAlert.amount_cents,
                on_phone=False,
            ),
            Column("le", _l("Signalée"), lambda row: row.raised_at, kind=Kind.MOMENT, sort=PaymentAlert.raised_at),
        ),
        order=(PaymentAlert.raised_at.desc(), PaymentAlert.id.desc()),
        empty=_l("Un paiement par carte qui ne correspond pas à sa commande paraîtra ici."),
    )

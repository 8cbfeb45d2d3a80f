"""Reading dossiers."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.mandats.models import MandatDossier, PortalDeposit
from eventsapp.mandats.rules import WORDS
from eventsapp.mandats.statuses import DepositState, MandatStatus
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus

_TONES = {MandatStatus.AWAITED: "wait", MandatStatus.REJECTED: "bad", MandatStatus.PAID: "good"}


def of_order(order_id: int) -> MandatDossier | None:
    """Return the dossier of an order, its file loaded, or ``None`` when the order has none."""
    return db.session.scalar(
        sa.select(MandatDossier)
        .where(MandatDossier.order_id == order_id)
        .options(joinedload(MandatDossier.purchase_order_file))
    )


def to_remind(*, now: datetime, most: int = 100) -> Sequence[int]:
    """Return the keys of the dossiers whose purchase order is awaited for as many days as the order's terms grant.

    The oldest first; those whose buyer was reminded already are left out.
    """
    return db.session.scalars(
        sa.select(MandatDossier.id)
        .join(MandatDossier.order)
        .where(
            MandatDossier.status == MandatStatus.AWAITED,
            MandatDossier.reminded_at.is_(None),
            Order.status == OrderStatus.CONFIRMED,
            MandatDossier.remind_at <= now,
        )
        .order_by(MandatDossier.remind_at, MandatDossier.id)
        .limit(most)
    ).all()


def waiting_deposit(order_id: int) -> PortalDeposit | None:
    """Return the deposit of an order that is on its way."""
    return db.session.scalar(
        sa.select(PortalDeposit).where(PortalDeposit.order_id == order_id, PortalDeposit.state == DepositState.WAITING)
    )


def last_deposit(order_id: int) -> PortalDeposit | None:
    """Return the deposit of an order that was asked for last."""
    return db.session.scalar(
        sa.select(PortalDeposit).where(PortalDeposit.order_id == order_id).order_by(PortalDeposit.id.desc()).limit(1)
    )


def due_deposits(*, now: datetime, most: int = 50) -> Sequence[int]:
    """Return the keys of the deposits to be tried, those that wait longest first."""
    return db.session.scalars(
        sa.select(PortalDeposit.id)
        .where(PortalDeposit.state == DepositState.WAITING, PortalDeposit.due_at <= now)
        .order_by(PortalDeposit.due_at, PortalDeposit.id)
        .limit(most)
    ).all()


def deposit(deposit_id: int) -> PortalDeposit:
    """Return a deposit with its invoice as it stands now, whatever was read before."""
    return db.session.scalars(
        sa.select(PortalDeposit)
        .where(PortalDeposit.id == deposit_id)
        .options(joinedload(PortalDeposit.invoice))
        .execution_options(populate_existing=True)
    ).one()


def dossier_list() -> Listing:
    """Return the list of dossiers of the orders that stand, those that wait longest first."""
    stands = Order.status == OrderStatus.CONFIRMED
    return Listing(
        name="mandats",
        title=_l("Mandats"),
        statement=sa.select(MandatDossier).join(MandatDossier.order).where(stands),
        loads=(contains_eager(MandatDossier.order),),
        states=(
            State("en-cours", _l("En cours"), where=MandatDossier.status != MandatStatus.PAID),
            *(State(status.value, label, where=MandatDossier.status == status) for status, label in WORDS.items()),
            State("tous", _l("Tous")),
        ),
        search=(
            Order.reference, Order.billing_name, Order.last_name, Order.email, Order.siret, Order.commitment_number,
            MandatDossier.purchase_order_number, MandatDossier.deposit_number,
        ),
        domains=(Order.email,),
        search_hint=_l("Référence, organisme, SIRET, engagement, bon de commande, dépôt"),
        filters=(
            Dates(name="recue", label=_l("Commandée"), column=Order.placed_at),
            Dates(name="echeance", label=_l("Échéance"), column=Order.due_on),
            Dates(name="deposee", label=_l("Déposée"), column=MandatDossier.deposited_on),
        ),
        columns=(
            Column(
                "organisme",
                _l("Organisme"),
                lambda row: row.order.billed_to,
                opens=True,
                sort=Order.billing_name,
                second=lambda row: row.order.buyer_name,
                second_label=_l("Contact"),
            ),
            Column(
                "reference", _l("Commande"), lambda row: row.order.reference, kind=Kind.CODE,
                second=lambda row: row.purchase_order_number, second_label=_l("Bon de commande"), on_phone=False,
            ),
            Column(
                "etape", _l("Étape"), lambda row: WORDS[row.status], kind=Kind.STATE,
                tone=lambda row: _TONES.get(row.status),
                second=lambda row: row.deposit_number, second_label=_l("Dépôt"),
            ),
            Column(
                "engagement", _l("Engagement"), lambda row: row.order.commitment_number, kind=Kind.CODE, on_phone=False
            ),
            Column("commandee", _l("Commandée"), lambda row: row.order.placed_at, kind=Kind.MOMENT, on_phone=False,
                   sort=Order.placed_at),
            Column("echeance", _l("Échéance"), lambda row: row.order.due_on, kind=Kind.DATE, sort=Order.due_on,
                   on_phone=False),
            Column("reste", _l("Reste dû"), lambda row: row.order.balance_cents, kind=Kind.MONEY),
            Column("siret", _l("SIRET"), lambda row: row.order.siret, only_in_file=True),
            Column("service", _l("Code service"), lambda row: row.order.service_code, only_in_file=True),
            Column("deposee", _l("Déposée"), lambda row: row.deposited_on, kind=Kind.DATE, only_in_file=True),
            Column("rejet", _l("Motif du rejet"), lambda row: row.rejection, only_in_file=True),
        ),
        order=(Order.placed_at.asc(), MandatDossier.id.asc()),
        empty=_l("Les mandats paraîtront ici dès la première commande d’un organisme public."),
    )  # fmt: skip

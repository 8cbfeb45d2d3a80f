"""Reading contracts, and what they give a right to."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.organisations.models import Organisation
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from eventsapp.subscriptions.values import Cover


def has_active_contract(email: str, on: date) -> bool:
    """Return whether who signs in with ``email`` may read what is reserved to subscribers on that day."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Contract.email == email.strip().lower(), _running(on)))))


def contracts_of(email: str) -> Sequence[Contract]:
    """Return the contracts of an address, plan loaded, the newest first."""
    return db.session.scalars(
        sa.select(Contract)
        .where(Contract.email == email.strip().lower())
        .options(joinedload(Contract.plan))
        .order_by(Contract.created_at.desc(), Contract.id.desc())
    ).all()


def contracts_of_order(order_id: int) -> Sequence[Contract]:
    """Return the contracts that an order bought, plan loaded, in the order of its lines."""
    return db.session.scalars(
        sa.select(Contract)
        .join(Contract.order_line)
        .where(OrderLine.order_id == order_id)
        .options(joinedload(Contract.plan))
        .order_by(OrderLine.position, Contract.id)
    ).all()


def last_end(email: str, *, plan_id: int) -> date | None:
    """Return when the running subscription of an address to that plan ends, or ``None``."""
    return db.session.scalar(
        sa.select(sa.func.max(Contract.ends_on)).where(
            Contract.email == email, Contract.plan_id == plan_id, Contract.status == ContractStatus.ACTIVE
        )
    )


def covers(emails: Iterable[str], *, siret: str, on: date) -> list[Cover]:
    """Return what the subscriptions of these addresses (lower case) and of an establishment cover."""
    holders: list[sa.ColumnElement[bool]] = [Contract.email.in_(list(emails))]
    if siret:
        holders.append(Organisation.siret == siret)
    rows = db.session.execute(
        sa.select(Contract.email, Organisation.siret, Contract.readers)
        .outerjoin(Contract.organisation)
        .outerjoin(Contract.order_line)
        .outerjoin(OrderLine.order)
        .where(sa.or_(*holders), _counts_for_rate(on))
        .order_by(Contract.id)
    )
    return [Cover(email=email, siret=of or "", seats=readers) for email, of, readers in rows]


def covered_seats(*, email: str, siret: str, on: date) -> int:
    """Return how many seats at the subscriber rate the subscriptions of a buyer or of its organisation cover.

    The number of readers, summed over the contracts of the address and of the establishment.
    """
    holders: list[sa.ColumnElement[bool]] = [Contract.email == email]
    if siret:
        holders.append(Contract.organisation.has(siret=siret))
    return (
        db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(Contract.readers), 0))
            .select_from(Contract)
            .outerjoin(Contract.order_line)
            .outerjoin(OrderLine.order)
            .where(sa.or_(*holders), _counts_for_rate(on))
        )
        or 0
    )


def _running(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(Contract.status == ContractStatus.ACTIVE, Contract.starts_on <= on, Contract.ends_on >= on)


def _counts_for_rate(on: date) -> sa.ColumnElement[bool]:
    """A running contract, or one whose order is confirmed by a promise: the cheque is on its way."""
    promised = sa.and_(Contract.status == ContractStatus.PENDING, Order.status == OrderStatus.CONFIRMED)
    return sa.or_(_running(on), promised)

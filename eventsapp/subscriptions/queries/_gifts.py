"""Reading gifts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import PaymentStatus
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import Contract, Gift
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus

_WHOLE = (
    joinedload(Gift.contract, innerjoin=True).joinedload(Contract.plan, innerjoin=True),
    joinedload(Gift.contract, innerjoin=True).joinedload(Contract.order_line).joinedload(OrderLine.order),
)


def gift_for_link(secret: str) -> Gift | None:
    """Return the gift that a link opens, its contract with plan, line and order loaded, or ``None``."""
    return db.session.scalar(sa.select(Gift).where(Gift.secret == secret).options(*_WHOLE))


def gift_of(contract_id: int, *, anew: bool = False) -> Gift | None:
    """Return the gift that a contract is, loaded as ``gift_for_link`` does, or ``None``.

    ``anew``: as the database has it, whatever was read before.
    """
    return db.session.scalar(
        sa.select(Gift)
        .where(Gift.contract_id == contract_id)
        .options(*_WHOLE)
        .execution_options(populate_existing=anew)
    )


def gift_of_order(order_id: int, gift_id: int) -> Gift | None:
    """Return a gift that an order bought, loaded as ``gift_for_link`` does, or ``None``."""
    return db.session.scalar(
        sa.select(Gift)
        .join(Gift.contract)
        .join(Contract.order_line)
        .where(Gift.id == gift_id, OrderLine.order_id == order_id)
        .options(*_WHOLE)
    )


def gifts_of(contracts: Sequence[Contract]) -> dict[int, Gift]:
    """Return the gifts among ``contracts``, by the key of the contract, each loaded as ``gift_for_link`` does."""
    keys = [row.id for row in contracts if row.kind is ContractKind.GIFT]
    if not keys:
        return {}
    found = db.session.scalars(sa.select(Gift).where(Gift.contract_id.in_(keys)).options(*_WHOLE))
    return {gift.contract_id: gift for gift in found}


def announceable(*, now: datetime, only: int | None = None, most: int = 200) -> Sequence[Gift]:
    """Return the gifts whose readers are to be told now, loaded as ``gift_for_link`` does, the earliest first."""
    asked = _waiting().where(Gift.announced_at.is_(None), Gift.announce_at <= now, Gift.recipient_email != "")
    if only is not None:
        asked = asked.where(Gift.id == only)
    return db.session.scalars(asked.order_by(Gift.announce_at, Gift.id).limit(most)).all()


def unanswered(*, now: datetime, only: int | None = None, most: int = 200) -> Sequence[Gift]:
    """Return the gifts that nobody has accepted for long and whose givers were not told, the oldest first."""
    since = now - timedelta(days=rules.GIFT_PATIENCE)
    asked = _waiting().where(Gift.reminded_at.is_(None), Gift.ready_at <= since, Gift.announce_at <= since)
    if only is not None:
        asked = asked.where(Gift.id == only)
    return db.session.scalars(asked.order_by(Gift.announce_at, Gift.id).limit(most)).all()


def _waiting() -> sa.Select[Gift]:
    """Gifts that can be accepted and are not; nobody is written to because of an order made to try things out."""
    return (
        sa.select(Gift)
        .join(Gift.contract)
        .join(Contract.plan)
        .join(Contract.order_line)
        .join(OrderLine.order)
        .where(
            Gift.ready_at.is_not(None),
            Gift.redeemed_at.is_(None),
            Contract.status == ContractStatus.PENDING,
            Order.payment_status != PaymentStatus.REFUNDED,
            sa.not_(Contract.is_test),
        )
        .options(
            contains_eager(Gift.contract).contains_eager(Contract.plan),
            contains_eager(Gift.contract).contains_eager(Contract.order_line).contains_eager(OrderLine.order),
        )
    )

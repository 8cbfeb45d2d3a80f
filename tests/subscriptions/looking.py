"""What the tests of subscriptions look at."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.models import Contract, Gift


def gift_of(order: Order) -> Gift:
    """Return the gift of an order as it stands now."""
    db.session.expire_all()
    (gift,) = queries.gifts_of(queries.contracts_of_order(order.id)).values()
    return gift


def contract_of(order: Order) -> Contract:
    """Return the contract of an order as it stands now."""
    db.session.expire_all()
    (contract,) = queries.contracts_of_order(order.id)
    return contract


def mails_about(template: str) -> list[OutgoingMail]:
    """Return the mails of that template, the oldest first."""
    return list(
        db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == template).order_by(OutgoingMail.id))
    )


def in_full(contract: Contract) -> Contract:
    """Return the contract with its plan loaded, for a service."""
    return db.session.scalars(
        sa.select(Contract)
        .where(Contract.id == contract.id)
        .options(joinedload(Contract.plan))
        .execution_options(populate_existing=True)
    ).one()

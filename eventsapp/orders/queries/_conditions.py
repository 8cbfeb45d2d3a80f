"""What is owed, what is late and what counts: one meaning for every list, sum and curve."""

from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus

_OWED = (PaymentStatus.DUE, PaymentStatus.PART_PAID)

#: What is still to be paid of an order, in cents.
BALANCE = Order.total_cents - Order.credited_cents - Order.paid_cents + Order.refunded_cents

#: More went back than came in, as when a cheque bounces that was refunded: it is to be had back from the buyer.
LOST = Order.refunded_cents > Order.paid_cents


def owed() -> sa.ColumnElement[bool]:
    """Money is awaited: the order is confirmed, and not or not wholly paid."""
    return sa.and_(Order.status == OrderStatus.CONFIRMED, Order.payment_status.in_(_OWED))


def late(today: date) -> sa.ColumnElement[bool]:
    """Money is awaited longer than the order's days of grace; the last of them is not late yet."""
    return sa.and_(owed(), Order.tolerated_until.is_not(None), Order.tolerated_until < today)


def counted(
    is_test: InstrumentedAttribute[bool] = Order.is_test, *, production: bool | None = None
) -> sa.ColumnElement[bool]:
    """Belongs to the numbers: what was ordered to try things out does not, once a real order exists.

    Where nothing but such orders exists, as in the demonstration, they are what is counted; never in production.
    ``is_test`` is the column of whatever an order made: the order itself, a seat. Whoever keeps what is made of it says
    whether it is for ``production``; else the settings do.
    """
    if production is None:
        production = settings.current().production
    return ~is_test if production else sa.or_(~is_test, _only_trials())


@cache
def _only_trials() -> sa.ColumnElement[bool]:
    """No real order exists; made once, as to read an alias takes longer than all the rest of a condition."""
    other = aliased(Order)
    return ~sa.exists().where(~other.is_test)


def trials_count() -> bool:
    """Return whether trials are what is counted, because there is nothing else: see ``counted``."""
    if settings.current().production:
        return False
    return not db.session.scalar(sa.select(sa.exists().where(~Order.is_test)))

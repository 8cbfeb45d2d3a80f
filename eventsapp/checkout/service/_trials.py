"""Clearing away what was ordered while the shop was in test."""

from datetime import datetime

from eventsapp.checkout.service._close import close
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import service as invoices
from eventsapp.orders import queries as order_queries
from eventsapp.orders import service as orders
from eventsapp.waiting_list import service as waiting_list

#: What the history and the credit notes say of it.
_REASON = "Essai"


def cancel_trials(*, now: datetime) -> int:
    """Cancel every trial that stands, so that it holds no seat and opens no subscription; return how many.

    Nobody is written to. One transaction each, so that it may stop anywhere and be run again.
    """
    # First, so that no seat that an order gives back is offered to a group that is no more real.
    with unit_of_work.transaction():
        waiting_list.drop_trials(now=now)
    waiting = order_queries.standing_trials()
    db.session.rollback()
    for order_id in waiting:
        with unit_of_work.transaction():
            order = orders.lock(order_id)
            close(order, reason=_REASON, now=now, is_told=False)
            invoices.credit_rest(order, reason=_REASON, now=now)
    return len(waiting)

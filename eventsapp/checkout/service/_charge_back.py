"""What follows once a card is to be charged no more: orders that nobody pays, and money that comes all the same."""

import logging
from datetime import datetime

from eventsapp.checkout import mails
from eventsapp.checkout.service._close import close
from eventsapp.checkout.service._credit import credit_down
from eventsapp.checkout.service._refund import write_card_refunds
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.orders import service as orders
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.models import CardCharge

log = logging.getLogger(__name__)

#: What the history of such an order says.
NOT_NEEDED = "Renouvellement par carte arrêté"
_STOPPED = "Renouvellement arrêté pendant le prélèvement"


def close_needless(*, now: datetime) -> None:
    """Close the orders of renewals that were stopped after the card had been refused once."""
    alerted = set(payments.alerted_orders())
    needless = [order_id for order_id in queries.needless_orders() if order_id not in alerted]
    db.session.rollback()
    for order_id in needless:
        try:
            with unit_of_work.transaction():
                order = orders.lock(order_id)
                if order.status is OrderStatus.PENDING and not order.paid_cents:
                    close(order, reason=NOT_NEEDED, now=now, is_told=False)
        except Refusal:
            log.exception("order %s could not be closed", order_id)


def give_back_stopped(*, now: datetime) -> None:
    """Cancel the renewals that were charged although they had been stopped, and write their refunds down.

    One transaction each, after the one that counted the money: its numbers come after contracts.
    """
    charged = queries.charges_to_give_back()
    db.session.rollback()
    for charge_id in charged:
        try:
            with unit_of_work.transaction():
                _give_back(charge_id, now=now)
        except Exception:
            log.exception("the try %s could not be given back", charge_id)


def _give_back(charge_id: int, *, now: datetime) -> None:
    charge, renewal = queries.charge_in_full(charge_id)
    queries.locked_agreement(renewal.agreement_id)
    db.session.refresh(charge)
    if charge.reason != CardCharge.UNWANTED or renewal.order_id is None:
        return
    order = orders.lock(renewal.order_id)
    charge.reason = CardCharge.GIVEN_BACK
    # Taken up again, it has another order.
    renewal.order_id = None
    if order.status is OrderStatus.CONFIRMED:
        close(order, reason=_STOPPED, now=now)
        credit_down(order, reason=_STOPPED, now=now)
    back_cents = order.returnable_cents
    to_card = write_card_refunds(order, amount_cents=back_cents, reason=_STOPPED, now=now)
    mails.order_cancelled(order, reason=_STOPPED, back_cents=back_cents, card_cents=to_card, now=now)

"""Background entries of the checkout."""

import logging

from eventsapp.checkout import service
from eventsapp.core import clock, unit_of_work
from eventsapp.payments.errors import GatewayRefused, GatewayUnavailable

log = logging.getLogger(__name__)


def expire() -> int:
    """Expire the orders whose hold is over."""
    return service.expire_due(now=clock.now())


def take_events() -> int:
    """Deal with what Stripe told."""
    return service.take_events(now=clock.now())


def reconcile() -> int:
    """Settle what was paid at Stripe, and count what went back there, that no message told."""
    now = clock.now()
    settled = service.reconcile(now=now) + service.take_up_charges(now=now)
    try:
        return settled + service.find_money_back(now=now)
    except (GatewayUnavailable, GatewayRefused):
        log.warning("Stripe does not say what went back; it is asked again later")
        return settled


def charge() -> int:
    """Charge the cards that renew subscriptions."""
    return service.charge_due(now=clock.now())


def refund() -> int:
    """Ask Stripe for the refunds that are written down."""
    asked = service.ask_refunds(now=clock.now())
    return asked.done + asked.failed


def cancel_days() -> int:
    """Deal with the orders of the days that were called off."""
    return service.cancel_orders_of_days(now=clock.now())


def cancel_superseded() -> int:
    """Cancel the renewals that another order made needless."""
    return service.cancel_superseded(now=clock.now())


def suspend() -> int:
    """Warn of, and close, the subscriptions whose promised money does not come."""
    return service.suspend_unpaid(now=clock.now())


def invoice() -> int:
    """Invoice the orders whose last day is over."""
    return service.invoice_due(now=clock.now())


def deposit() -> int:
    """Deposit the invoices of public bodies that wait for it."""
    return service.deposit_due(now=clock.now())


def forget_baskets() -> int:
    """Forget old baskets."""
    with unit_of_work.transaction():
        return service.forget_old_baskets(now=clock.now())


def erase_in_quotes() -> int:
    """Erase what participants need from quotes that are over."""
    with unit_of_work.transaction():
        return service.erase_in_quotes(now=clock.now())

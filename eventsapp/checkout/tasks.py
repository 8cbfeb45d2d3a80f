"""Background entries of the checkout."""

from eventsapp.checkout import service
from eventsapp.core import clock, unit_of_work


def expire() -> int:
    """Expire the orders whose hold is over."""
    return service.expire_due(now=clock.now())


def reconcile() -> int:
    """Settle what was paid at Stripe and no message told."""
    return service.reconcile(now=clock.now())


def forget_baskets() -> int:
    """Forget old baskets."""
    with unit_of_work.transaction():
        return service.forget_old_baskets(now=clock.now())

"""Background entries of subscriptions."""

from eventsapp.core import clock, unit_of_work
from eventsapp.subscriptions import service


def expire() -> int:
    """Mark the subscriptions whose last day has passed."""
    with unit_of_work.transaction():
        return service.expire_due(today=clock.local_date(clock.now()))


def remind() -> int:
    """Remind the readers whose subscription ends or has ended."""
    return service.remind_due(now=clock.now())


def announce_renewals() -> int:
    """Announce the renewals by card whose day has come."""
    return service.announce_renewals_due(now=clock.now())


def forget_cards() -> int:
    """Have Stripe forget the cards that renew nothing any more."""
    return service.forget_cards_due(now=clock.now())


def announce_gifts() -> int:
    """Tell the readers whose day has come of their gifts."""
    return service.announce_due(now=clock.now())


def tell_givers() -> int:
    """Tell the givers whose gifts nobody has accepted for long."""
    return service.tell_givers(now=clock.now())


def tell_readers() -> int:
    """Tell the readers of institutions whose seat ends."""
    return service.tell_ends(now=clock.now())


def forget_readers() -> int:
    """Forget readers of institutions who are gone for long."""
    return service.forget_readers(now=clock.now())


def apply_addresses() -> int:
    """Let the addresses count whose day has come."""
    return service.apply_addresses(now=clock.now())

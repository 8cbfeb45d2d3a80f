"""Commands on orders and their card payments."""

import click
from flask.cli import AppGroup

from eventsapp.checkout import service
from eventsapp.core import clock, settings

group = AppGroup("orders", help="Orders.")
payments_group = AppGroup("payments", help="Card payments.")


@group.command("expire")
def expire() -> None:
    """Expire the unpaid orders whose hold is over, as the worker does each minute."""
    print(f"{service.expire_due(now=clock.now())} expired")


@group.command("cancel-trials")
def cancel_trials() -> None:
    """Cancel what was ordered while the shop was in test: before it opens, or once it has. Nobody is written to."""
    if not settings.current().production:
        raise click.ClickException("PUBLIC_URL is of this machine: its trials are the demonstration, and stay")
    print(f"{service.cancel_trials(now=clock.now())} cancelled")


@payments_group.command("reconcile")
def reconcile() -> None:
    """Deal with what Stripe told; ask it, as the worker does, for what it did not; and for refunds left undone."""
    now = clock.now()
    dealt_with = 0
    while some := service.take_events(now=now):
        dealt_with += some
    print(f"{dealt_with} messages dealt with")
    print(f"{service.reconcile(now=now)} settled")
    asked = service.ask_refunds(now=now)
    print(f"{asked.done} refunded, {asked.failed} refused, {asked.waiting} waiting")
    print(f"{service.find_money_back(now=now)} found given back or contested")


@group.command("cancel-of-days")
def cancel_of_days() -> None:
    """Go on with the orders of the days that were called off, as the worker does each minute."""
    now = clock.now()
    print(f"{service.cancel_orders_of_days(now=now)} dealt with")

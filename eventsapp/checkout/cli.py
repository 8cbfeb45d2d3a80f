"""Commands on orders and their card payments."""

from flask.cli import AppGroup

from eventsapp.checkout import service
from eventsapp.core import clock

group = AppGroup("orders", help="Orders.")
payments_group = AppGroup("payments", help="Card payments.")


@group.command("expire")
def expire() -> None:
    """Expire the unpaid orders whose hold is over, as the worker does each minute."""
    print(f"{service.expire_due(now=clock.now())} expired")


@payments_group.command("reconcile")
def reconcile() -> None:
    """Ask Stripe about the recent payment pages whose end no message told, as the worker does."""
    print(f"{service.reconcile(now=clock.now())} settled")

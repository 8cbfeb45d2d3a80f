"""Commands on orders."""

from flask.cli import AppGroup

from eventsapp.checkout import service
from eventsapp.core import clock

group = AppGroup("orders", help="Orders.")


@group.command("expire")
def expire() -> None:
    """Expire the unpaid orders whose hold is over, as the worker does each minute."""
    print(f"{service.expire_due(now=clock.now())} expired")

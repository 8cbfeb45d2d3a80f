"""Commands on orders."""

from flask.cli import AppGroup

from eventsapp.checkout import tasks

group = AppGroup("orders", help="Orders.")


@group.command("expire")
def expire() -> None:
    """Expire the unpaid orders whose hold is over, as the worker does each minute."""
    print(f"{tasks.expire()} expired")

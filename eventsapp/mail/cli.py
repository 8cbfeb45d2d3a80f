"""Commands of the outbox."""

from flask.cli import AppGroup

from eventsapp.core import clock
from eventsapp.mail import service

group = AppGroup("mail", help="The outbox.")


@group.command("send")
def send() -> None:
    """Send every mail that is due, as the worker does each minute."""
    print(f"{service.send_due(clock=clock.now)} sent")

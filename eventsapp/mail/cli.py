"""Commands of the outbox."""

from flask.cli import AppGroup

from eventsapp.mail import tasks

group = AppGroup("mail", help="The outbox.")


@group.command("send")
def send() -> None:
    """Send every mail that is due, as the worker does each minute."""
    print(f"{tasks.send()} sent")

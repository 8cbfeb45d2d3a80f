"""The commands of every room."""

from flask import Flask

from eventsapp.accounts import cli as accounts
from eventsapp.api import cli as api
from eventsapp.checkout import cli as checkout
from eventsapp.demo import cli as demo
from eventsapp.mail import cli as mail
from eventsapp.ops import cli as ops
from eventsapp.search import cli as search


def init_app(app: Flask) -> None:
    """Register the commands of every room."""
    accounts.init_app(app)
    api.init_app(app)
    demo.init_app(app)
    for group in (checkout.group, checkout.payments_group, mail.group, search.group):
        app.cli.add_command(group)
    app.cli.add_command(ops.command)

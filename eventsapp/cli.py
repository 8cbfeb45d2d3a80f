"""The commands of every room."""

from flask import Flask

from eventsapp.accounts import cli as accounts
from eventsapp.api import cli as api
from eventsapp.demo import cli as demo
from eventsapp.search import cli as search


def init_app(app: Flask) -> None:
    """Register the commands of every room."""
    accounts.init_app(app)
    api.init_app(app)
    demo.init_app(app)
    app.cli.add_command(search.group)

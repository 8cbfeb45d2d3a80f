"""The commands of every room."""

from flask import Flask

from eventsapp.accounts import cli as accounts


def init_app(app: Flask) -> None:
    """Register the commands of every room."""
    accounts.init_app(app)

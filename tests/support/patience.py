"""Sending the forms that anybody may send, as somebody who took the time to read them."""

from datetime import timedelta

from flask import Flask

from eventsapp.core import clock, human


def opened(app: Flask, *, ago: timedelta = timedelta(minutes=1)) -> str:
    """Return what the form carries when it was opened that long ago."""
    with app.app_context():
        return str(human._signer().dumps(int((clock.now() - ago).timestamp())))

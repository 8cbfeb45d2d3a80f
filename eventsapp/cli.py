"""The commands of every room."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the commands of every room."""

"""Every blueprint and its address: the URL map on one page."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of every room."""

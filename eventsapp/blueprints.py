"""Every blueprint and its address: the URL map on one page."""

from flask import Flask

from eventsapp.core import slugs
from eventsapp.site.web import context


def init_app(app: Flask) -> None:
    """Register the pages of every room."""
    app.url_map.converters["slug"] = slugs.SlugConverter
    context.init_app(app)

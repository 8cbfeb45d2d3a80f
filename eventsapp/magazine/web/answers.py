"""Answers that are for one reader: kept by nobody, found by no search engine."""

from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response

from eventsapp.core.security_headers import private


def for_one(response: Response) -> Response:
    """Say that an article is sent to this reader alone; its address is everybody's and may be told."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def form_page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page that goes with a form."""
    return private(make_response(render_template(template, **context), status))

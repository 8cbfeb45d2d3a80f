"""Answers of several pages: those for one reader, kept by nobody and found by no search engine; and feeds."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import make_response, render_template
from werkzeug.wrappers import Response

from eventsapp.core import links, settings
from eventsapp.core.security_headers import private
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import Tombstone
from eventsapp.papers.characters import writable


def for_one(response: Response) -> Response:
    """Say that an article is sent to this reader alone; its address is everybody's and may be told."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def form_page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page that goes with a form."""
    return private(make_response(render_template(template, **context), status))


def feed_of(
    articles: Sequence[Article], *, withdrawn: Sequence[Tombstone] = (), title: str, own: str, page: str
) -> Response:
    """Return articles as an Atom feed: title and lead, never the body; ``own`` is its address, ``page`` its page's.

    Of those that were ``withdrawn`` it says that they are gone.
    """
    moments = [each.updated_at for each in articles] + [each.at for each in withdrawn]
    response = make_response(
        render_template(
            "magazine/feed.xml",
            articles=articles,
            withdrawn=withdrawn,
            feed_title=title,
            own=own,
            page=page,
            updated_at=max(moments, default=None),
            host=urlsplit(settings.current().public_url).hostname,
            absolute=links.absolute,
            writable=writable,
        )
    )
    response.content_type = "application/atom+xml; charset=utf-8"
    return response

"""Days for programs that follow them: calendars and the Atom feed."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.core import clock, links, page_cache, settings
from eventsapp.papers.calendars import calendar as write_calendar
from eventsapp.papers.characters import writable
from eventsapp.study_days import papers, queries
from eventsapp.study_days.values import When
from eventsapp.study_days.web import filters

#: Entries of the feed.
FEED_SIZE = 50
#: When a feed without entries was last changed.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

blueprint = Blueprint("study_days_feeds", __name__, url_prefix="/journees")


@blueprint.get("/<slug:slug>.ics")
@page_cache.public_page("days")
def day(slug: str) -> ResponseReturnValue:
    """Give one day to keep; a former address leads to the present one."""
    found = queries.shown_day(slug)
    if found is None:
        present = queries.former_day(slug) or abort(404)
        return redirect(url_for(".day", slug=present), 301)
    url = links.absolute("study_days_feeds.day", slug=found.slug)
    body = write_calendar([papers.calendar_event(found)], name=found.title, url=url)
    return _calendar(body, filename=f"{found.slug}.ics")


@blueprint.get("/calendrier.ics")
@page_cache.public_page("days")
def calendar() -> Response:
    """Give the days under the filters of the address, to subscribe to."""
    asked = filters.read(request.args, default=When.ALL)
    days = queries.calendar_days(asked.filters, now=clock.now(), matching=asked.matching)
    name = [_("Journées d’étude"), *asked.words_of_chips(), settings.current().site_name]
    body = write_calendar(
        [papers.calendar_event(each) for each in days],
        name=" · ".join(name),
        url=links.absolute("study_days_feeds.calendar", **asked.parameters()),
    )
    return _calendar(body, filename="journees.ics")


@blueprint.get("/flux.atom")
@page_cache.public_page("days")
def feed() -> Response:
    """Give the days under the filters of the address, by what changed last."""
    asked = filters.read(request.args, default=When.ALL)
    now = clock.now()
    days = queries.announced_days(asked.filters, now=now, limit=FEED_SIZE, matching=asked.matching)
    body = render_template(
        "study_days/feed.xml",
        days=days,
        title=" · ".join([_("Journées d’étude"), *asked.words_of_chips()]),
        address=links.absolute("study_days_feeds.feed", **asked.parameters()),
        page=links.absolute("study_days.days", **asked.parameters()),
        updated_at=max((each.updated_at for each in days), default=_NEVER),
        host=urlsplit(settings.current().public_url).hostname,
        absolute=links.absolute,
        writable=writable,
        now=now,
    )
    response = make_response(body)
    response.content_type = "application/atom+xml; charset=utf-8"
    return response


def _calendar(body: bytes, *, filename: str) -> Response:
    response = make_response(body)
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return response

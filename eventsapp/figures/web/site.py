"""Counting a reading: what the page of an article tells once it was looked at for a while, and nothing else."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from eventsapp.core import clock, limits, origin
from eventsapp.figures import access, rules, service

blueprint = Blueprint("figures", __name__)


def _reader_of_one() -> str:
    """Name the article together with the machine: a town hall behind one address reads one text some times an hour."""
    return f"reading:{get_remote_address()}:{request.form.get('marque', '')[:200]}"


@blueprint.post("/lectures/")
@limits.limiter.limit(limits.READING)
@limits.limiter.limit(limits.READING_OF_ONE, key_func=_reader_of_one)
def count() -> ResponseReturnValue:
    """Count a reading of the article that the mark names; of who reads, nothing is kept, nor read.

    It stands on cached pages and carries no token: the browser says that it comes from one of ours.
    """
    if not origin.is_same_site():
        abort(403)
    found = access.read_mark(request.form.get("marque", "")[:200]) or abort(400)
    if not rules.is_bot(request.headers.get("User-Agent", "")):
        article_id, read_by = found
        service.note_reading(article_id, read_by, on=clock.local_date(clock.now()))
    return "", 204

"""A number of the magazine as one PDF, for its subscribers."""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import reader
from eventsapp.core import clock
from eventsapp.files import delivery
from eventsapp.magazine import queries
from eventsapp.magazine.access import can_read_whole
from eventsapp.magazine.web.answers import for_one

blueprint = Blueprint("magazine_issues", __name__)


@blueprint.get("/magazine/<int:number>.pdf")
def whole(number: int) -> ResponseReturnValue:
    """Give the number to whoever subscribes; lead the others to its page, which says how to have it."""
    found = queries.whole_issue(number)
    if found is None or found.pdf is None:
        abort(404)
    if not can_read_whole(found, reader(), now=clock.now()):
        return for_one(redirect(url_for("magazine.issue", number=number, _anchor="pdf"), 303))
    return for_one(delivery.answer(found.pdf))

"""Stored files: to everybody once what they belong to is shown, to the office before."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, may
from eventsapp.core.security_headers import private
from eventsapp.files import delivery, queries
from eventsapp.magazine import queries as magazine
from eventsapp.speakers import queries as speakers
from eventsapp.study_days import queries as study_days

blueprint = Blueprint("files", __name__, url_prefix="/fichiers")

_A_YEAR = "public, max-age=31536000, immutable"


@blueprint.get("/<key>/")
@blueprint.get("/<key>/<path:_name>")
def show(key: str, _name: str = "") -> ResponseReturnValue:
    """Answer with the file; what follows the key is only for people to read."""
    file = queries.by_key(key) or abort(404)
    if study_days.shows_file(file.id) or speakers.shows_file(file.id) or magazine.shows_file(file.id):
        response = delivery.answer(file)
        response.headers["Cache-Control"] = _A_YEAR
        return response
    if not may(Permission.STUDY_DAYS_VIEW):
        abort(404)
    return private(delivery.answer(file))

"""Stored files: to everybody once what they belong to is shown, to the office before."""

from flask import Blueprint, Response, abort, send_file
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, may
from eventsapp.core.security_headers import private
from eventsapp.files import queries, storage
from eventsapp.files.models import StoredFile
from eventsapp.speakers import queries as speakers
from eventsapp.study_days import queries as study_days

blueprint = Blueprint("files", __name__, url_prefix="/fichiers")

#: Whatever a file contains, it runs nothing and asks nothing.
_HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"
_A_YEAR = "public, max-age=31536000, immutable"


@blueprint.get("/<key>/")
@blueprint.get("/<key>/<path:_name>")
def show(key: str, _name: str = "") -> ResponseReturnValue:
    """Answer with the file; what follows the key is only for people to read."""
    file = queries.by_key(key) or abort(404)
    if study_days.shows_file(file.id) or speakers.shows_file(file.id):
        response = _response(file)
        response.headers["Cache-Control"] = _A_YEAR
        return response
    if not may(Permission.STUDY_DAYS_VIEW):
        abort(404)
    return private(_response(file))


def _response(file: StoredFile) -> Response:
    path = storage.path_of(file.key)
    if not path.is_file():
        abort(404)
    response = send_file(
        path,
        mimetype=file.content_type,
        as_attachment=not file.content_type.startswith("image/"),
        download_name=file.name,
        etag=file.sha256,
        max_age=None,
    )
    response.headers["Content-Security-Policy"] = _HARMLESS
    return response

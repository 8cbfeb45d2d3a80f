"""Answering with a stored file, harmlessly; whether somebody may have it is asked before."""

from flask import Response, abort, send_file

from eventsapp.files import storage
from eventsapp.files.models import StoredFile

#: Whatever a file contains, it runs nothing and asks nothing.
_HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


def answer(file: StoredFile) -> Response:
    """Return the file as an answer; 404 when its bytes are gone."""
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

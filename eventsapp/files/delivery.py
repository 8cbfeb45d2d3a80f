"""Answering with a stored file, harmlessly; whether somebody may have it is asked before."""

from flask import Response, abort, send_file

from eventsapp.files import pictures, storage
from eventsapp.files.errors import FileRefused
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


def answer_narrow(file: StoredFile, *, width: int) -> Response:
    """Return a picture at no more than ``width`` pixels across, made at first asking; a narrower one as it is.

    404 for what is no picture, or gone, or cannot be made smaller.
    """
    if not file.content_type.startswith("image/"):
        abort(404)
    if file.width is not None and file.width <= width:
        return answer(file)
    try:
        path = storage.made_of(file.key, f"{width}", lambda data: pictures.narrowed(data, width=width))
    except (FileNotFoundError, FileRefused):
        abort(404)
    response = send_file(path, mimetype="image/webp", etag=f"{file.sha256}-{width}", max_age=None)
    response.headers["Content-Security-Policy"] = _HARMLESS
    return response

"""Stored files: to everybody once what they belong to is shown, to the office before.

A picture of a reserved text is for those who may read the text; by a key as the page is: ``?cle=``. One that also
stands in a text for everybody is everybody's.
"""

from collections.abc import Callable

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, may, reader
from eventsapp.core import clock
from eventsapp.core.markdown import PICTURE_WIDTHS
from eventsapp.core.security_headers import private
from eventsapp.files import delivery, queries
from eventsapp.files.models import StoredFile
from eventsapp.magazine import queries as magazine
from eventsapp.magazine.access import can_read, glimpse_of
from eventsapp.site import queries as site

blueprint = Blueprint("files", __name__, url_prefix="/fichiers")

_A_YEAR = "public, max-age=31536000, immutable"
_AN_HOUR_FOR_ONE = "private, max-age=3600"


@blueprint.get("/<key>/")
@blueprint.get("/<key>/<path:_name>")
def show(key: str, _name: str = "") -> ResponseReturnValue:
    """Answer with the file; what follows the key is only for people to read."""
    file = queries.by_key(key) or abort(404)
    return _to_those_who_may(file, delivery.answer)


@blueprint.get("/<key>/largeur/<int:width>/")
def show_narrow(key: str, width: int) -> ResponseReturnValue:
    """Answer with a picture for a place that is so many pixels wide."""
    if width not in PICTURE_WIDTHS:
        abort(404)
    file = queries.by_key(key) or abort(404)
    return _to_those_who_may(file, lambda picture: delivery.answer_narrow(picture, width=width))


def _to_those_who_may(file: StoredFile, answer: Callable[[StoredFile], Response]) -> ResponseReturnValue:
    if magazine.shown_keys([file.key], to_everybody=True):
        response = answer(file)
        response.headers["Cache-Control"] = _A_YEAR
        return response
    if may(Permission.STUDY_DAYS_VIEW):
        return private(answer(file))
    if not file.content_type.startswith("image/"):
        abort(404)
    kept = _AN_HOUR_FOR_ONE
    if not _reads_around(file):
        if not site.shows_picture(file):
            abort(404)
        kept = _A_YEAR
    response = answer(file)
    response.headers["Cache-Control"] = kept
    return response


def _reads_around(file: StoredFile) -> bool:
    """Return whether the visitor may read a reserved text around the picture, or it stands in how one begins."""
    person, key, now = reader(), request.args.get("cle", ""), clock.now()
    around = magazine.reserved_around(file)
    return any(can_read(article, person, now=now, key=key) for article, _terms in around) or any(
        file.key in glimpse_of(article, terms).opening for article, terms in around
    )

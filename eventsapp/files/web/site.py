"""Stored files: to everybody once what they belong to is shown, to the office before."""

from collections.abc import Callable

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, may
from eventsapp.core.markdown import PICTURE_WIDTHS
from eventsapp.core.security_headers import private
from eventsapp.files import delivery, queries
from eventsapp.files.models import StoredFile
from eventsapp.magazine import queries as magazine

blueprint = Blueprint("files", __name__, url_prefix="/fichiers")

_A_YEAR = "public, max-age=31536000, immutable"


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
    if magazine.shown_keys([file.key]):
        response = answer(file)
        response.headers["Cache-Control"] = _A_YEAR
        return response
    if not may(Permission.STUDY_DAYS_VIEW):
        abort(404)
    return private(answer(file))

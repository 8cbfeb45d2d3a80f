"""Handing over what is not everybody's: to who is signed in, and to who has the private link of a seat."""

from flask import Blueprint, Response, abort, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import reader
from eventsapp.core import clock
from eventsapp.core.security_headers import private
from eventsapp.documents.access import can_read
from eventsapp.files import delivery
from eventsapp.registrations import queries as registrations
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import DayDocument

blueprint = Blueprint("documents", __name__)
blueprint.after_request(private)


@blueprint.get("/journees/<slug:slug>/documents/<int:document_id>/")
def of_day(slug: str, document_id: int) -> ResponseReturnValue:
    """Hand the document over to who may have it; lead the others to the day's page, which says for whom it is."""
    document = study_days.shown_document(document_id)
    if document is None or document.study_day.slug != slug:
        abort(404)
    if can_read(document, reader(), now=clock.now()):
        return _hand_over(document)
    return redirect(url_for("study_days.day", slug=slug, _anchor="documents"), 303)


@blueprint.get("/inscriptions/<secret>/documents/<int:document_id>/")
def of_seat(secret: str, document_id: int) -> ResponseReturnValue:
    """Hand the document over to who has the seat; a seat that was cancelled leads back to its page."""
    seat = registrations.seat_for_link(secret) or abort(404)
    document = study_days.shown_document(document_id)
    if document is None or document.study_day_id != seat.study_day_id:
        abort(404)
    if can_read(document, reader(), seat=seat, now=clock.now()):
        return _hand_over(document)
    return redirect(url_for("seats.seat", secret=secret), 303)


def _hand_over(document: DayDocument) -> Response:
    if document.file is not None:
        return delivery.answer(document.file)
    return make_response(redirect(document.url, 303))

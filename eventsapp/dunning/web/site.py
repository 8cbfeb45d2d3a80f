"""The letters of an order's reminders, for whoever has the link of the order."""

from flask import Blueprint, Response, abort, make_response
from flask.typing import ResponseReturnValue

from eventsapp.core.security_headers import private
from eventsapp.dunning import papers, queries
from eventsapp.dunning.models import Reminder
from eventsapp.orders import queries as orders

blueprint = Blueprint("dunning", __name__, url_prefix="/commandes/<reference>/<secret>/relances")


@blueprint.get("/<int:step>.pdf")
def letter(reference: str, secret: str, step: int) -> ResponseReturnValue:
    """Give a reminder's letter as PDF, as it was sent."""
    order = orders.order_for_link(reference, secret) or abort(404)
    return private(paper(queries.reminder(order.id, step) or abort(404)))


def paper(sent: Reminder) -> Response:
    """Return a letter as an answer; the same bytes each time, so none is kept."""
    said = queries.letter_of(sent)
    response = make_response(papers.letter_pdf(said))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="relance-{said.reference}-{sent.step}.pdf"'
    return response

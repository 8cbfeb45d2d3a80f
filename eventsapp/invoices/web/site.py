"""The files of an order's invoices, for whoever has the link of the order."""

from flask import Blueprint, abort, make_response
from flask.typing import ResponseReturnValue

from eventsapp.core.security_headers import private
from eventsapp.files import delivery
from eventsapp.invoices import queries
from eventsapp.invoices.models import Invoice
from eventsapp.orders import queries as orders

blueprint = Blueprint("invoices", __name__, url_prefix="/commandes/<reference>/<secret>/factures")


@blueprint.get("/<number>.pdf")
def pdf(reference: str, secret: str, number: str) -> ResponseReturnValue:
    """Give an invoice or credit note as PDF, its electronic data inside."""
    found = _found(reference, secret, number)
    return private(delivery.answer(found.pdf or abort(404)))


@blueprint.get("/<number>.xml")
def xml(reference: str, secret: str, number: str) -> ResponseReturnValue:
    """Give the Factur-X data alone."""
    found = _found(reference, secret, number)
    response = make_response(found.xml or abort(404))
    response.content_type = "application/xml"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.xml"'
    return private(response)


def _found(reference: str, secret: str, number: str) -> Invoice:
    order = orders.order_for_link(reference, secret) or abort(404)
    found = queries.by_number(number)
    if found is None or found.order_id != order.id:
        abort(404)
    return found

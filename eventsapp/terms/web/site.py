"""The terms of sale that an order accepted, for whoever has its link."""

from flask import Blueprint, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from eventsapp.core.security_headers import private
from eventsapp.orders import queries as orders
from eventsapp.terms import queries

blueprint = Blueprint("terms", __name__, url_prefix="/commandes/<reference>/<secret>")


@blueprint.get("/conditions/")
def accepted(reference: str, secret: str) -> ResponseReturnValue:
    """Show the terms as they were accepted, whatever they say today."""
    order = orders.order_for_link(reference, secret) or abort(404)
    if order.accepted_terms_id is None:
        abort(404)
    terms = queries.accepted(order.accepted_terms_id)
    return private(make_response(render_template("terms/accepted.html", order=order, terms=terms)))

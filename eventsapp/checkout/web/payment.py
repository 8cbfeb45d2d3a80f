"""Paying an order from its own page: by card, or with a pro forma invoice for whoever pays."""

from flask import Blueprint, Response, abort, flash, make_response, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.checkout import service as checkout
from eventsapp.checkout.service import Answers
from eventsapp.checkout.web import ordering
from eventsapp.core import clock, limits, unit_of_work
from eventsapp.core.security_headers import private
from eventsapp.invoices import papers
from eventsapp.orders import queries
from eventsapp.orders.models import Order
from eventsapp.payments.errors import NotPayable

blueprint = Blueprint("payment", __name__, url_prefix="/commandes")


@blueprint.post("/<reference>/<secret>/payer/")
@limits.limiter.limit(limits.ORDER)
def pay(reference: str, secret: str) -> ResponseReturnValue:
    """Lead to Stripe's page; asked twice it is the same page."""
    order = queries.order_for_link(reference, secret) or abort(404)
    try:
        ordering.pay_by_card(order)
    except NotPayable as refusal:
        flash(refusal.message, "error")
    return redirect(ordering.address_of(order), 303)


@blueprint.post("/<reference>/<secret>/verifier/")
@limits.limiter.limit(limits.ORDER)
def verify(reference: str, secret: str) -> ResponseReturnValue:
    """Ask Stripe what became of the order's pages, for a buyer who came back before its message."""
    order = queries.order_for_link(reference, secret) or abort(404)
    order_id = order.id
    unit_of_work.after_commit(lambda: _tell(checkout.ask_gateway(order_id, now=clock.now())))
    return redirect(ordering.address_of(order), 303)


@blueprint.get("/<reference>/<secret>/pro-forma.pdf")
def proforma(reference: str, secret: str) -> ResponseReturnValue:
    """Give the pro forma invoice as PDF, until there is the invoice; the same bytes each time, so none is kept."""
    order = queries.order_for_link(reference, secret) or abort(404)
    return proforma_of(order)


def proforma_of(order: Order) -> Response:
    """Answer with the pro forma invoice of ``order``, or that there is none (404)."""
    if not checkout.has_proforma(order):
        abort(404)
    response = make_response(papers.proforma_pdf(checkout.proforma(order)))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="pro-forma-{order.reference}.pdf"'
    return private(response)


def _tell(answers: Answers) -> None:
    """Say what there is to wait for; what was settled the order's page says."""
    if answers.refused:
        flash(_("Un paiement est arrivé pour cette commande ; nous le vérifions, ne payez pas de nouveau."), "info")
    elif answers.silence is not None:
        flash(answers.silence.message, "error")
    elif not answers.settled:
        flash(_("Votre banque n’a pas encore confirmé le paiement."), "info")

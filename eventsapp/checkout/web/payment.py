"""Paying an order by card from its own page."""

from flask import Blueprint, abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.checkout import service as checkout
from eventsapp.checkout.web import ordering
from eventsapp.core import clock, limits, unit_of_work
from eventsapp.core.errors import Refusal
from eventsapp.orders import queries
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
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
    session_ids = [row.session_id for row in payments.open_card_sessions(order.id) if row.session_id]
    unit_of_work.after_commit(lambda: _ask_stripe(session_ids))
    return redirect(ordering.address_of(order), 303)


def _ask_stripe(session_ids: list[str]) -> None:
    try:
        answers = [gateway.look_up(session_id) for session_id in session_ids]
    except Refusal as refusal:
        flash(refusal.message, "error")
        return
    paid = [answer for answer in answers if answer.paid]
    for payment in paid:
        with unit_of_work.transaction():
            checkout.settle_card(payment, now=clock.now())
    if not paid:
        flash(_("Votre banque n’a pas encore confirmé le paiement."), "info")

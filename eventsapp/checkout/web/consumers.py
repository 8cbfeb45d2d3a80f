"""What consumers may do from their order's page: withdraw from it, and give notice of a subscription."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotWithdrawable
from eventsapp.checkout.web import ordering
from eventsapp.core import clock, limits
from eventsapp.core.security_headers import private
from eventsapp.orders import queries

blueprint = Blueprint("consumers", __name__, url_prefix="/commandes/<reference>/<secret>")


@blueprint.route("/renoncer/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def withdraw(reference: str, secret: str) -> ResponseReturnValue:
    """Show what may be withdrawn from and until when; keep the withdrawal that is confirmed."""
    order = queries.order_for_link(reference, secret) or abort(404)
    now = clock.now()
    if not checkout.is_consumer(order):
        abort(404)
    if FlaskForm().validate_on_submit():
        address = ordering.address_of(order)
        try:
            checkout.withdraw(order.id, now=now)
        except NotWithdrawable as refusal:
            flash(refusal.message, "error")
        else:
            flash(_("Votre rétractation est reçue ; un courriel en accuse réception."), "success")
        return redirect(address, 303)
    withdrawal = checkout.withdrawal_of(order, now=now)
    return private(make_response(render_template("checkout/withdraw.html", order=order, withdrawal=withdrawal)))


@blueprint.route("/resilier/<int:contract_id>/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def resign(reference: str, secret: str, contract_id: int) -> ResponseReturnValue:
    """Show the subscription and when it ends; keep the notice that is confirmed."""
    order = queries.order_for_link(reference, secret) or abort(404)
    contract = next((row for row in checkout.resignable(order) if row.id == contract_id), None)
    if contract is None:
        abort(404)
    if FlaskForm().validate_on_submit():
        address = ordering.address_of(order)
        checkout.resign(order.id, contract.id, now=clock.now())
        flash(_("La résiliation est reçue ; un courriel en accuse réception."), "success")
        return redirect(address, 303)
    return private(make_response(render_template("checkout/resign.html", order=order, contract=contract)))

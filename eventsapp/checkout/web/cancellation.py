"""The buyer cancels from the order's own page: what it costs first, then the button."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotCancellable, OfferChanged
from eventsapp.checkout.web import ordering
from eventsapp.core import clock, limits
from eventsapp.core.fields import MOST_CENTS
from eventsapp.core.security_headers import private
from eventsapp.orders import queries
from eventsapp.orders.models import Order

blueprint = Blueprint("cancellation", __name__, url_prefix="/commandes")


class CancelForm(FlaskForm):
    """What the buyer was shown, and agrees to."""

    fee_cents = IntegerField(validators=[InputRequired(), NumberRange(min=0, max=MOST_CENTS)])


@blueprint.route("/<reference>/<secret>/annuler/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def cancel(reference: str, secret: str) -> ResponseReturnValue:
    """Show what cancelling costs and gives back; do it once the buyer agreed."""
    order = queries.order_for_link(reference, secret) or abort(404)
    form = CancelForm()
    if not form.validate_on_submit():
        return _page(order, status=422 if form.errors else 200)
    address = ordering.address_of(order)
    try:
        checkout.cancel_by_buyer(order.id, fee_cents=form.fee_cents.data, now=clock.now())
    except OfferChanged as refusal:
        return _page(order, status=refusal.status, told=refusal.message)
    except NotCancellable:
        return _page(order, status=NotCancellable.status)
    flash(_("La commande est annulée ; un courriel vous le confirme."), "success")
    return redirect(address, 303)


def _page(order: Order, *, status: int, told: str = "") -> ResponseReturnValue:
    offer, refused = None, ""
    try:
        offer = checkout.cancellation_offer(order, now=clock.now())
    except NotCancellable as refusal:
        refused = refusal.message
    page = render_template(
        "checkout/cancel.html",
        order=order,
        offer=offer,
        refused=refused,
        told=told,
        parts=checkout.cancellable(order, now=clock.now(), by_buyer=True),
    )
    return private(make_response(page, status))

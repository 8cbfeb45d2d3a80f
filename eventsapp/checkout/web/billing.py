"""The buyer corrects whom an order is billed to, as long as it is not invoiced."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import BillingClosed
from eventsapp.checkout.web import ordering
from eventsapp.checkout.web.billing_forms import BillingForm
from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.invoices import queries as invoices
from eventsapp.office import refusals
from eventsapp.orders import queries
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus

blueprint = Blueprint("billing", __name__, url_prefix="/commandes")


@blueprint.route("/<reference>/<secret>/facturation/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def correct(reference: str, secret: str) -> ResponseReturnValue:
    """Show whom the order is billed to; keep what the buyer corrects."""
    order = queries.order_for_link(reference, secret) or abort(404)
    form = BillingForm.of(order)
    if not form.validate_on_submit():
        return _page(order, form, status=422 if form.errors else 200)
    address = ordering.address_of(order)
    try:
        checkout.correct_billing(order.id, form.billing(), now=clock.now())
    except BillingClosed as refusal:
        flash(refusal.message, "error")
        return redirect(address, 303)
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(order, form, status=refusal.status)
    flash(_("La facturation est corrigée."), "success")
    return redirect(address, 303)


def _page(order: Order, form: BillingForm, *, status: int) -> ResponseReturnValue:
    closed = order.status not in {OrderStatus.PENDING, OrderStatus.CONFIRMED} or bool(invoices.of_order(order.id))
    page = render_template("checkout/billing.html", order=order, form=form, closed=closed)
    return private(make_response(page, status))

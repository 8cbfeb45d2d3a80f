"""What the office bills: whom, corrected once what that does is read; when; and the pro forma invoice."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import BillingChanged
from eventsapp.checkout.web.billing_forms import BillingForm
from eventsapp.checkout.web.payment import proforma_of
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import refusals
from eventsapp.orders import queries
from eventsapp.orders.models import Order
from eventsapp.orders.service import billing_of
from eventsapp.payments.statuses import InvoiceMoment

blueprint = Blueprint("billing_office", __name__, url_prefix="/organisation/commandes")


@blueprint.route("/<reference>/facturation/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def correct(reference: str) -> ResponseReturnValue:
    """Show the billing of an order; of one that is invoiced, what the correction does; then do it."""
    order = queries.by_reference(reference) or abort(404)
    form = BillingForm.of(order)
    planned = checkout.rebilling_of(order, now=clock.now())
    if not form.validate_on_submit() or "back" in request.form:
        return _page(order, form, planned), 422 if form.errors else 200
    try:
        checkout.check_billing(order, form.billing())
        if planned is not None and "confirm" not in request.form and form.billing() == billing_of(order):
            flash(_("Rien n’a changé."), "info")
            return redirect(url_for("orders_office.order", reference=reference), 303)
        if planned is not None and "confirm" not in request.form:
            return _page(order, form, planned, confirming=True)
        made = checkout.bill_anew(
            order.id,
            form.billing(),
            seen=form.seen.data if planned is not None else "",
            form_key=form.key.data,
            actor=current_user,
            now=clock.now(),
        )
    except BillingChanged as refusal:
        flash(refusal.message, "error")
        return _page(order, form, planned, confirming=planned is not None), refusal.status
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(order, form, planned), refusal.status
    if made is None:
        flash(_("La facturation est à jour."), "success")
        return redirect(url_for("orders_office.order", reference=reference), 303)
    flash(_("L’avoir est émis, et la facture %(number)s remplace la précédente.", number=made.number), "success")
    return redirect(url_for("orders_office.order", reference=reference, _anchor="invoices"), 303)


@blueprint.post("/<reference>/moment-de-la-facture/<any(order, delivery):moment>/")
@requires(Permission.PAYMENTS_RECORD)
def moment(reference: str, moment: str) -> ResponseReturnValue:
    """Invoice an order now, or have it wait for its last day."""
    order = queries.by_reference(reference) or abort(404)
    try:
        checkout.choose_moment(order.id, InvoiceMoment(moment), actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        now, later = _("La facture est émise."), _("La facture attend la fin de la journée.")
        flash(now if moment == InvoiceMoment.ORDER else later, "success")
    return redirect(url_for("orders_office.order", reference=reference, _anchor="invoices"), 303)


@blueprint.get("/<reference>/pro-forma.pdf")
@requires(Permission.ORDERS_VIEW)
def proforma(reference: str) -> ResponseReturnValue:
    """Give the pro forma invoice as PDF, as the buyer has it."""
    return proforma_of(queries.by_reference(reference) or abort(404))


def _page(order: Order, form: BillingForm, planned: checkout.Rebilling | None, *, confirming: bool = False) -> str:
    if confirming and planned is not None:
        form.seen.data = planned.invoice.number
    return render_template(
        "checkout/office/billing.html",
        order=order,
        form=form,
        planned=planned,
        confirming=confirming,
        billing=form.billing() if confirming else billing_of(order),
    )

"""Giving money back to the card, in the office."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout import service as checkout
from eventsapp.core import clock, french, i18n, unit_of_work
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import cents_of
from eventsapp.invoices import queries as invoices
from eventsapp.office import refusals
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.payments.errors import FallsDue, RefundClosed
from eventsapp.payments.web.forms import CardRefundForm

blueprint = Blueprint("card_refunds_office", __name__, url_prefix="/organisation")


@blueprint.route("/commandes/<reference>/remboursement-carte/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def refund(reference: str) -> ResponseReturnValue:
    """Give money back to the card, all or part: written down, then asked of Stripe at once."""
    order = orders.by_reference(reference) or abort(404)
    most = min(checkout.card_cents(order.id), order.paid_cents - order.refunded_cents)
    form = CardRefundForm(amount=french.plain_amount(min(most, order.overpaid_cents or order.returnable_cents) or most))
    if not form.validate_on_submit():
        return _page(order, form, most), 422 if form.errors else 200
    try:
        written = checkout.refund_card(
            order.id,
            amount_cents=cents_of(form.amount.data),
            reason=form.reason.data,
            actor=current_user,
            now=clock.now(),
            form_key=form.key.data,
            surely_due=form.surely_due.data,
        )
    except Refusal as refusal:
        form.falls_due = isinstance(refusal, FallsDue) or bool(form.surely_due.data)
        refusals.show(refusal, form)
        return _page(order, form, most), refusal.status
    if written:
        order_id = order.id
        unit_of_work.after_commit(lambda: _ask(order_id, written))
    else:
        flash(_("Ce remboursement est déjà demandé."), "info")
    return redirect(url_for("orders_office.order", reference=order.reference), 303)


@blueprint.post("/remboursements/<int:refund_id>/abandonner/")
@requires(Permission.PAYMENTS_RECORD)
def give_up(refund_id: int) -> ResponseReturnValue:
    """Stop counting a refund of which Stripe made none, as the office saw there."""
    try:
        order = checkout.give_up_refund(refund_id, actor=current_user, now=clock.now())
    except RefundClosed as refusal:
        flash(refusal.message, "info")
        return redirect(url_for("payments_office.alerts"), 303)
    flash(_("Le remboursement ne compte plus ; le montant est de nouveau à rendre."), "success")
    return redirect(url_for("orders_office.order", reference=order.reference), 303)


def _ask(order_id: int, cents: int) -> None:
    """Ask Stripe now, and say what came of it; what it does not answer the worker asks again."""
    asked = checkout.ask_refunds(now=clock.now(), order_id=order_id)
    if asked.failed:
        flash(_("Stripe refuse le remboursement : rendez l’argent autrement. Le motif est dans les alertes."), "error")
    elif asked.waiting:
        flash(_("Stripe ne répond pas. Le remboursement est noté ; il est demandé de nouveau de lui-même."), "info")
    else:
        flash(_("%(amount)s rendus sur la carte.", amount=i18n.money(cents)), "success")


def _page(order: Order, form: CardRefundForm, most: int) -> str:
    return render_template(
        "payments/office/card_refund.html",
        order=order,
        form=form,
        most_cents=most,
        invoice=invoices.standing_invoice(order.id),
    )

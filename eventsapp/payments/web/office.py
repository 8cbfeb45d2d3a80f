"""Money typed by the office: payments and refunds of an order, and the list of payments."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from wtforms.fields.choices import SelectChoice

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import clock, french, i18n
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import cents_of
from eventsapp.office import lists
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries
from eventsapp.payments.web.forms import PaymentForm, RefundForm

blueprint = Blueprint("payments_office", __name__, url_prefix="/organisation")


@blueprint.get("/reglements/")
@requires(Permission.PAYMENTS_RECORD)
def payments() -> ResponseReturnValue:
    """List the payments that came in."""
    return lists.answer(
        queries.payment_list(methods=queries.method_names()),
        row_url=lambda payment: url_for("orders_office.order", reference=payment.order.reference),
        nav="payments",
    )


@blueprint.route("/commandes/<reference>/reglement/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def record(reference: str) -> ResponseReturnValue:
    """Record a cheque, a transfer or a mandat."""
    order = orders.by_reference(reference) or abort(404)
    methods = [method for method in queries.all_methods() if not method.online]
    proposed = order.payment_method if order.payment_method in {method.code for method in methods} else None
    today = clock.local_date(clock.now())
    form = PaymentForm(
        method=proposed,
        amount=french.plain_amount(max(0, order.balance_cents)),
        received_on=today,
    )
    form.method.choices = [SelectChoice(method.code, method.local_name) for method in methods]
    if not form.validate_on_submit() or not form.not_after(today):
        return render_template("payments/office/record.html", order=order, form=form), 422 if form.errors else 200
    checkout.settle(
        order.id,
        MoneyReceived(
            method=form.method.data,
            amount_cents=cents_of(form.amount.data),
            reference=form.reference.data or "",
            bank=form.bank.data or "",
            payer=form.payer.data or "",
        ),
        received_on=form.received_on.data,
        now=clock.now(),
        actor=current_user,
    )
    flash(_("Règlement de %(amount)s enregistré.", amount=i18n.money(cents_of(form.amount.data))), "success")
    return _to_order(order)


@blueprint.route("/commandes/<reference>/remboursement/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def refund(reference: str) -> ResponseReturnValue:
    """Record money that was sent back."""
    order = orders.by_reference(reference) or abort(404)
    form = RefundForm(
        amount=french.plain_amount(order.paid_cents - order.refunded_cents), refunded_on=clock.local_date(clock.now())
    )
    if not form.validate_on_submit():
        return render_template("payments/office/refund.html", order=order, form=form), 422 if form.errors else 200
    try:
        checkout.refund_by_hand(
            order.id,
            amount_cents=cents_of(form.amount.data),
            refunded_on=form.refunded_on.data,
            reason=form.reason.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.amount.errors = [refusal.message]
        return render_template("payments/office/refund.html", order=order, form=form), refusal.status
    flash(_("Remboursement de %(amount)s enregistré.", amount=i18n.money(cents_of(form.amount.data))), "success")
    return _to_order(order)


def _to_order(order: Order) -> ResponseReturnValue:
    return redirect(url_for("orders_office.order", reference=order.reference), 303)

"""Money in the office: payments and refunds typed by hand, the list of payments, and the alerts."""

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
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.office import lists, refusals
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries, service
from eventsapp.payments.errors import AlreadyRecorded, FallsDue, MoreThanOwed
from eventsapp.payments.models import PaymentAlert
from eventsapp.payments.statuses import AlertKind
from eventsapp.payments.web.forms import AlertForm, MoneyForm, PaymentForm, RefundForm
from eventsapp.registrations import queries as registrations
from eventsapp.subscriptions import queries as subscriptions

blueprint = Blueprint("payments_office", __name__, url_prefix="/organisation")

#: Alerts about money of an order that was taken back: what it paid for is still given.
_TAKEN_BACK = frozenset({AlertKind.REFUND, AlertKind.DISPUTE_LOST})


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
        amount=french.plain_amount(order.balance_cents) if order.balance_cents > 0 else "",
        received_on=today,
    )
    form.method.choices = [SelectChoice(method.code, method.local_name) for method in methods]
    form.reference.description = queries.reference_hint(methods)
    if not form.validate_on_submit():
        return _form_page("record", order, form), 422 if form.errors else 200
    try:
        recorded = checkout.settle(
            order.id, _received(form), received_on=form.received_on.data, now=clock.now(), actor=current_user
        )
    except Refusal as refusal:
        form.looks_too_much = isinstance(refusal, MoreThanOwed) or bool(form.surely_too_much.data)
        return _refused("record", order, form, refusal)
    if recorded is None:
        flash(_("Ce règlement est déjà enregistré."), "info")
    else:
        flash(_("Règlement de %(amount)s enregistré.", amount=i18n.money(recorded.amount_cents)), "success")
    return _to_order(order)


@blueprint.route("/commandes/<reference>/remboursement/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def refund(reference: str) -> ResponseReturnValue:
    """Record money that was sent back."""
    order = orders.by_reference(reference) or abort(404)
    ways = {way.code: way.local_name for way in queries.refund_methods()}
    form = RefundForm(
        method=order.payment_method if order.payment_method in ways else None,
        amount=french.plain_amount(order.overpaid_cents or order.paid_cents - order.refunded_cents),
        refunded_on=clock.local_date(clock.now()),
    )
    form.method.choices = [SelectChoice(code, name) for code, name in ways.items()]
    if not form.validate_on_submit():
        return _form_page("refund", order, form), 422 if form.errors else 200
    try:
        recorded = checkout.refund_by_hand(
            order.id,
            amount_cents=cents_of(form.amount.data),
            refunded_on=form.refunded_on.data,
            reason=form.reason.data,
            actor=current_user,
            now=clock.now(),
            method=form.method.data,
            form_key=form.key.data,
            surely_new=form.surely_new.data,
            surely_due=form.surely_due.data,
        )
    except Refusal as refusal:
        form.falls_due = isinstance(refusal, FallsDue) or bool(form.surely_due.data)
        return _refused("refund", order, form, refusal)
    if recorded is None:
        flash(_("Ce remboursement est déjà enregistré."), "info")
    else:
        flash(_("Remboursement de %(amount)s enregistré.", amount=i18n.money(recorded.amount_cents)), "success")
    return _to_order(order)


@blueprint.get("/reglements/alertes/")
@requires(Permission.PAYMENTS_RECORD)
def alerts() -> ResponseReturnValue:
    """List the card payments that do not fit their order."""
    return lists.answer(
        queries.alert_list(), row_url=lambda alert: url_for(".alert", alert_id=alert.id), nav="payment_alerts"
    )


@blueprint.route("/reglements/alertes/<int:alert_id>/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def alert(alert_id: int) -> ResponseReturnValue:
    """Show an alert, and write down what was done about it."""
    found = queries.alert(alert_id) or abort(404)
    form = AlertForm()
    if not form.validate_on_submit():
        return _alert_page(found, form), 422 if form.errors else 200
    try:
        service.handle_alert(found.id, note=form.note.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _alert_page(found, form), refusal.status
    flash(_("L’alerte est traitée."), "success")
    return redirect(url_for(".alerts"), 303)


def _received(form: PaymentForm) -> MoneyReceived:
    return MoneyReceived(
        method=form.method.data,
        amount_cents=cents_of(form.amount.data),
        reference=form.reference.data or "",
        bank=form.bank.data or "",
        payer=form.payer.data or "",
        form_key=form.key.data,
        surely_new=form.surely_new.data,
        surely_too_much=form.surely_too_much.data,
    )


def _refused(page: str, order: Order, form: MoneyForm, refusal: Refusal) -> tuple[str, int]:
    refusals.show(refusal, form)
    form.looks_known = isinstance(refusal, AlreadyRecorded) or bool(form.surely_new.data)
    return _form_page(page, order, form), refusal.status


def _form_page(page: str, order: Order, form: MoneyForm) -> str:
    return render_template(
        f"payments/office/{page}.html",
        order=order,
        form=form,
        card_cents=checkout.card_cents(order.id),
        invoice=invoices.standing_invoice(order.id),
    )


def _alert_page(found: PaymentAlert, form: AlertForm) -> str:
    order_id = found.order_id if found.order_id is not None and found.kind in _TAKEN_BACK else None
    return render_template(
        "payments/office/alert.html",
        alert=found,
        form=form,
        invoices=[row for row in invoices.of_order(order_id) if row.kind is DocumentKind.INVOICE] if order_id else [],
        stuck=queries.stuck_refunds(found.order_id) if found.order_id and found.kind is AlertKind.REFUND_STUCK else (),
        still_given=bool(found.order and order_id and found.order.status is OrderStatus.CONFIRMED),
        registrations=registrations.of_order(order_id) if order_id else (),
        contracts=subscriptions.contracts_of_order(order_id) if order_id else (),
        now=clock.now(),
    )


def _to_order(order: Order) -> ResponseReturnValue:
    return redirect(url_for("orders_office.order", reference=order.reference), 303)

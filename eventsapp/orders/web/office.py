"""Orders in the office: the list, one order whole, and its cancellation."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.audit import queries as audit
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.dunning import queries as dunning
from eventsapp.invoices import queries as invoices
from eventsapp.mail import queries as mails
from eventsapp.mandats import queries as mandats
from eventsapp.mandats import rules as mandat_rules
from eventsapp.office import lists
from eventsapp.orders import queries
from eventsapp.orders.models import Order
from eventsapp.orders.web.forms import CancelForm
from eventsapp.orders.web.standing import legal_actions, standing
from eventsapp.orders.web.timeline import timeline
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries as registrations
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus

blueprint = Blueprint("orders_office", __name__, url_prefix="/organisation/commandes")


@blueprint.get("/")
@requires(Permission.ORDERS_VIEW)
def orders() -> ResponseReturnValue:
    """List the orders."""
    now = clock.now()
    return lists.answer(
        queries.order_list(today=clock.local_date(now), methods=payments.method_names(), held_up=invoices.held_up(now)),
        row_url=lambda order: url_for(".order", reference=order.reference),
        nav="orders",
    )


@blueprint.get("/<reference>/")
@requires(Permission.ORDERS_VIEW)
def order(reference: str) -> ResponseReturnValue:
    """Show everything about one order: people, money, mails, history."""
    found = queries.by_reference(reference) or abort(404)
    method = payments.method(found.payment_method)
    now = clock.now()
    today = clock.local_date(now)
    paid, refunded = payments.payments_of(found.id), payments.refunds_of(found.id)
    issued = invoices.of_order(found.id)
    reminders = dunning.reminders_of(found.id)
    claim = dunning.claim_of(found.id)
    method_names = payments.method_names()
    contracts = subscriptions.contracts_of_order(found.id)
    return render_template(
        "orders/office/order.html",
        order=found,
        method=method,
        method_names=method_names,
        standing=standing(
            found,
            method=method.local_name,
            finalising=any(invoices.is_held_up(invoice, now=now) for invoice in issued),
            today=today,
        ),
        legal=legal_actions(found, invoiced=invoices.is_invoiced(found.id)),
        status_words=queries.STATUS_WORDS,
        payment_words=queries.PAYMENT_WORDS,
        payments=paid,
        refunds=refunded,
        registrations=registrations.of_order(found.id),
        may_see_needs=may(Permission.REGISTRATIONS_NEEDS),
        contracts=contracts,
        gifts=subscriptions.gifts_of(contracts),
        contract_words=subscriptions.STATUS_WORDS,
        gift_words=subscriptions.GIFT_WORDS,
        invoices=issued,
        dossier=mandats.of_order(found.id) if method.purchase_order_days is not None else None,
        mandat_words=mandat_rules.WORDS,
        kind_words=invoices.KIND_WORDS,
        check_words=invoices.CHECK_WORDS,
        claim=claim,
        planned=dunning.planned_of(found.payment_method, claim) if claim else None,
        reminders=[(row, dunning.letter_of(row)) for row in reminders],
        interest=dunning.interest_of(found, today=today),
        timeline=timeline(
            reference=reference,
            history=audit.history_of("order", found.id),
            mails=mails.mails_about("order", found.id),
            invoices=issued,
            reminders=reminders,
            method_names=method_names,
            payments=paid,
            refunds=refunded,
        ),
        today=today,
    )


@blueprint.route("/<reference>/annuler/", methods=["GET", "POST"])
@requires(Permission.ORDERS_CANCEL)
def cancel(reference: str) -> ResponseReturnValue:
    """Cancel an order: say what follows, ask why, do it."""
    found = queries.by_reference(reference) or abort(404)
    form = CancelForm()
    if not form.validate_on_submit():
        return _cancel_page(found, form), 422 if form.errors else 200
    try:
        checkout.cancel_order(found.id, reason=form.reason.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return _cancel_page(found, form), refusal.status
    flash(_("La commande est annulée ; l’acheteur en est averti."), "success")
    return redirect(url_for(".order", reference=found.reference), 303)


def _cancel_page(found: Order, form: CancelForm) -> str:
    contracts = [
        row
        for row in subscriptions.contracts_of_order(found.id)
        if row.status in {ContractStatus.PENDING, ContractStatus.ACTIVE}
    ]
    return render_template(
        "orders/office/cancel.html",
        order=found,
        form=form,
        registrations=registrations.of_order(found.id),
        contracts=contracts,
        gifts=subscriptions.gifts_of(contracts),
    )

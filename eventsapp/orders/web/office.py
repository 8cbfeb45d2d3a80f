"""Orders in the office: the list, one order whole, and its cancellation."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.audit import queries as audit
from eventsapp.checkout import queries as checkout_queries
from eventsapp.checkout import service as checkout
from eventsapp.core import clock, pagination
from eventsapp.core.errors import Refusal
from eventsapp.dunning import queries as dunning
from eventsapp.invoices import queries as invoices
from eventsapp.mail import queries as mails
from eventsapp.mail.statuses import MailStatus
from eventsapp.mandats import queries as mandats
from eventsapp.mandats import rules as mandat_rules
from eventsapp.office import lists
from eventsapp.orders import queries
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.orders.web.forms import CancelForm
from eventsapp.orders.web.standing import legal_actions, standing
from eventsapp.orders.web.timeline import timeline
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries as registrations
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus

blueprint = Blueprint("orders_office", __name__, url_prefix="/organisation/commandes")

#: Lines of the timeline on one page.
TIMELINE_SIZE = 40


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
    sent = mails.mails_about("order", found.id)
    taken_back = payments.taken_back(found.id)
    told = timeline(
        reference=reference,
        history=audit.history_of("order", found.id, most=None),
        mails=sent,
        invoices=issued,
        reminders=reminders,
        method_names=method_names,
        payments=paid,
        refunds=refunded,
    )
    page = pagination.within(
        pagination.page_number(request.args.get("journal", "")) or 1, size=TIMELINE_SIZE, total=len(told)
    )
    contracts = subscriptions.contracts_of_order(found.id)
    return render_template(
        "orders/office/order.html",
        order=found,
        method=method,
        method_names=method_names,
        standing=standing(
            found,
            method=method.local_name,
            online=method.online,
            finalising=invoices.is_any_held_up(issued, now=now),
            mail_refused=any(mail.status is MailStatus.FAILED for mail in sent),
            taken_back=taken_back.kind if taken_back else None,
            today=today,
            seats_only=not contracts,
        ),
        taken_back=taken_back,
        legal=legal_actions(found, invoiced=invoices.is_invoiced(found.id)),
        status_words=queries.STATUS_WORDS,
        payment_word=queries.payment_word(found),
        payments=paid,
        refunds=refunded,
        registrations=registrations.of_order(found.id),
        may_see_needs=may(Permission.REGISTRATIONS_NEEDS),
        answers=registrations.answers_of_order(found.id, with_sensitive=may(Permission.REGISTRATIONS_NEEDS)),
        contracts=contracts,
        # Of money that was taken back it is decided above.
        may_suspend=taken_back is None
        and found.balance_cents > 0
        and found.due_on is not None
        and found.due_on < today
        and any(row.status is ContractStatus.ACTIVE for row in contracts),
        may_reopen=checkout_queries.may_reopen(found, today=today),
        gifts=subscriptions.gifts_of(contracts),
        contract_words=subscriptions.STATUS_WORDS,
        gift_words=subscriptions.GIFT_WORDS,
        invoices=issued,
        has_proforma=checkout.has_proforma(found),
        may_choose_moment=checkout.may_choose_moment(found),
        waits_for_billing=checkout.waits_for_billing(found),
        dossier=mandats.of_order(found.id) if payments.terms_of(found).purchase_order_days is not None else None,
        mandat_words=mandat_rules.WORDS,
        kind_words=invoices.KIND_WORDS,
        check_words=invoices.CHECK_WORDS,
        claim=claim,
        planned=dunning.planned_of(found.payment_method, claim) if claim else None,
        reminders=[(row, dunning.letter_of(row)) for row in reminders],
        interest=dunning.interest_of(found, today=today),
        timeline=pagination.Page(
            items=told[(page - 1) * TIMELINE_SIZE : page * TIMELINE_SIZE],
            number=page,
            size=TIMELINE_SIZE,
            total=len(told),
        ),
        timeline_url=lambda number: url_for(".order", reference=reference, journal=number, _anchor="journal"),
        now=now,
        today=today,
    )


@blueprint.route("/<reference>/annuler/", methods=["GET", "POST"])
@requires(Permission.ORDERS_CANCEL)
def cancel(reference: str) -> ResponseReturnValue:
    """Cancel an order: say what follows, ask why, do it."""
    found = queries.by_reference(reference) or abort(404)
    if request.method == "POST" and found.status is OrderStatus.CANCELLED:
        return _already_cancelled(found)
    form = CancelForm()
    if not form.validate_on_submit():
        return _cancel_page(found, form), 422 if form.errors else 200
    try:
        checkout.cancel_order(found.id, reason=form.reason.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        if found.status is OrderStatus.CANCELLED:
            # Another click was first, and this one waited for its lock.
            return _already_cancelled(found)
        form.form_errors.append(refusal.message)
        return _cancel_page(found, form), refusal.status
    flash(_("La commande est annulée ; l’acheteur en est averti."), "success")
    return redirect(url_for(".order", reference=found.reference), 303)


@blueprint.post("/<reference>/rendre-les-places/")
@requires(Permission.ORDERS_CANCEL)
def release_seats(reference: str) -> ResponseReturnValue:
    """Give the seats back of an order whose money was taken back."""
    return _decided(
        reference, _with_reason(checkout.release_seats), _("Les places sont rendues ; l’acheteur en est averti.")
    )


@blueprint.post("/<reference>/suspendre-abonnement/")
@requires(Permission.ORDERS_CANCEL)
def suspend(reference: str) -> ResponseReturnValue:
    """Close the subscription of an order whose money was taken back or never came, until it is paid."""
    return _decided(
        reference,
        _with_reason(checkout.suspend_subscriptions),
        _("L’abonnement est suspendu ; l’acheteur en est averti."),
    )


@blueprint.post("/<reference>/rouvrir-abonnement/")
@requires(Permission.ORDERS_CANCEL)
def reopen(reference: str) -> ResponseReturnValue:
    """Let the subscription of an unpaid order run on: its buyer is believed."""
    return _decided(reference, checkout.reopen_subscriptions, _("L’abonnement est rouvert ; l’acheteur en est averti."))


def _with_reason(decide: Callable[..., Order]) -> Callable[..., Order]:
    """Return ``decide`` with the reason that the alert about the order's money gives, if there is one."""

    def decided(order_id: int, **by: Any) -> Order:
        alert = payments.taken_back(order_id)
        return decide(order_id, reason=alert.problem if alert else "", **by)

    return decided


def _decided(reference: str, decide: Callable[..., Order], told: str) -> ResponseReturnValue:
    found = queries.by_reference(reference) or abort(404)
    try:
        decide(found.id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(told, "success")
    return redirect(url_for(".order", reference=reference), 303)


def _already_cancelled(found: Order) -> ResponseReturnValue:
    flash(_("Cette commande est déjà annulée."), "info")
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
        registrations=registrations.standing_of_order(found.id),
        contracts=contracts,
        gifts=subscriptions.gifts_of(contracts),
    )

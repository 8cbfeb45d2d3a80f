"""« Encaissements »: what came in, typed once; cheques and their slips; payments that did not hold, money moved."""

from collections.abc import Collection, Sequence

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from wtforms.fields.choices import SelectChoice

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import clock, french, i18n
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import cents_of
from eventsapp.core.texts import from_address
from eventsapp.office import lists, refusals
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.payments.errors import AlreadyRecorded, MoreThanOwed
from eventsapp.payments.models import Payment
from eventsapp.receipts import papers, queries, service
from eventsapp.receipts.web.forms import DepositForm, MoveForm, ReceiptForm, ReverseForm

blueprint = Blueprint("receipts_office", __name__, url_prefix="/organisation")

#: What stays from one cheque of a series to the next.
_KEPT = ("mode", "le")


@blueprint.route("/encaissements/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def receipts() -> ResponseReturnValue:
    """Find the orders that money is for, and record it; a series of cheques goes on where it was."""
    words = from_address(request.args.get("q", ""), longest=200)
    found = queries.matching_orders(words)
    form = _receipt_form(found)
    if not form.validate_on_submit():
        return _receipts_page(words, found, form), 422 if form.errors else 200
    money = MoneyReceived(
        method=form.method.data,
        amount_cents=cents_of(form.amount.data),
        reference=form.reference.data or "",
        bank=form.bank.data or "",
        payer=form.payer.data or "",
        form_key=form.key.data,
        surely_new=form.surely_new.data,
        surely_too_much=form.surely_too_much.data,
    )
    try:
        if not {part.order_id for part in form.parts()} <= {order.id for order in found}:
            if not queries.is_recorded(form.key.data, form.chosen):
                abort(400)
            # The first of two clicks settled the order, which the search does not show any more.
            flash(_("Ce règlement est déjà enregistré."), "info")
            return _next_receipt(form)
        recorded = service.record(
            form.parts(), money, received_on=form.received_on.data, actor=current_user, now=clock.now()
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        form.looks_known = isinstance(refusal, AlreadyRecorded)
        form.looks_too_much = isinstance(refusal, MoreThanOwed)
        return _receipts_page(words, found, form), refusal.status
    if recorded:
        total = i18n.money(sum(payment.amount_cents for payment in recorded))
        flash(_("%(amount)s enregistrés.", amount=total), "success")
    else:
        flash(_("Ce règlement est déjà enregistré."), "info")
    return _next_receipt(form)


@blueprint.get("/encaissements/journal/")
@requires(Permission.PAYMENTS_RECORD)
def journal() -> ResponseReturnValue:
    """List every movement of money, each sealed by the one before."""
    return lists.answer(
        payments.journal_list(methods=payments.method_names()),
        template="receipts/office/journal.html",
        row_url=lambda entry: url_for("orders_office.order", reference=entry.order_reference),
    )


@blueprint.get("/encaissements/remises/")
@requires(Permission.PAYMENTS_RECORD)
def deposits() -> ResponseReturnValue:
    """List the slips under which cheques went to the bank."""
    return lists.answer(
        queries.deposit_list(),
        template="receipts/office/deposits.html",
        row_url=lambda slip: url_for(".deposit", deposit_id=slip.id),
    )


@blueprint.post("/encaissements/remises/")
@requires(Permission.PAYMENTS_RECORD)
def make_deposit() -> ResponseReturnValue:
    """Put the chosen cheques on a slip."""
    form = DepositForm()
    chosen = {int(key) for key in request.form.getlist("picked")[:500] if key.isdecimal() and len(key) < 10}
    if not form.validate_on_submit():
        return _receipts_page("", [], _receipt_form([], empty=True), form, chosen), 422
    try:
        slip = service.deposit(chosen, deposited_on=form.deposited_on.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _receipts_page("", [], _receipt_form([], empty=True), form, chosen), refusal.status
    told = ngettext("Bordereau de %(num)d chèque fait.", "Bordereau de %(num)d chèques fait.", slip.cheques)
    flash(told, "success")
    return redirect(url_for(".deposit", deposit_id=slip.id), 303)


@blueprint.get("/encaissements/remises/<int:deposit_id>/")
@requires(Permission.PAYMENTS_RECORD)
def deposit(deposit_id: int) -> ResponseReturnValue:
    """Show a slip and its cheques."""
    slip = queries.deposit(deposit_id) or abort(404)
    cheques = queries.cheques_of(slip.id)
    return render_template(
        "receipts/office/deposit.html",
        slip=slip,
        cheques=cheques,
        bounced=queries.bounced_on([cheque.id for cheque in cheques]),
    )


@blueprint.post("/encaissements/remises/<int:deposit_id>/annuler/")
@requires(Permission.PAYMENTS_RECORD)
def cancel_deposit(deposit_id: int) -> ResponseReturnValue:
    """Undo a slip made by mistake."""
    slip = queries.deposit(deposit_id) or abort(404)
    try:
        service.cancel_deposit(slip.id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".deposit", deposit_id=deposit_id), 303)
    told = ngettext(
        "Bordereau annulé : son chèque est de nouveau à remettre.",
        "Bordereau annulé : ses %(num)d chèques sont de nouveau à remettre.",
        slip.cheques,
    )
    flash(told, "success")
    return redirect(url_for(".receipts"), 303)


@blueprint.get("/encaissements/remises/<int:deposit_id>/bordereau.pdf")
@requires(Permission.PAYMENTS_RECORD)
def deposit_slip(deposit_id: int) -> ResponseReturnValue:
    """Give the slip to print, unless it is cancelled."""
    slip = queries.deposit(deposit_id) or abort(404)
    if slip.is_cancelled:
        abort(404)
    response = make_response(papers.deposit_pdf(slip, queries.cheques_of(slip.id)))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="remise-{slip.id}.pdf"'
    return response


@blueprint.route("/reglements/<int:payment_id>/rejet/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def reverse(payment_id: int) -> ResponseReturnValue:
    """Take back a payment that did not hold."""
    payment = queries.payment_with_order(payment_id) or abort(404)
    form = ReverseForm(reversed_on=clock.local_date(clock.now()))
    if not form.validate_on_submit():
        return _reverse_page(payment, form), 422 if form.errors else 200
    try:
        service.reverse(
            payment.id,
            reversed_on=form.reversed_on.data,
            reason=form.reason.data or "",
            by_mistake=form.by_mistake,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _reverse_page(payment, form), refusal.status
    told = _("Le règlement est annulé ; l’acheteur en est averti.")
    flash(f"{told} {_what_follows(payment.order)}", "success")
    return redirect(url_for("orders_office.order", reference=payment.order.reference), 303)


@blueprint.route("/commandes/<reference>/transfert/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def move(reference: str) -> ResponseReturnValue:
    """Move money of an order to another."""
    source = orders.by_reference(reference) or abort(404)
    form = MoveForm(amount=french.plain_amount(max(0, -source.balance_cents) or source.paid_cents))
    if not form.validate_on_submit():
        return _move_page(source, form), 422 if form.errors else 200
    target = orders.by_reference(form.target.data.upper())
    if target is None:
        form.target.errors = [_("Aucune commande n’a cette référence.")]
        return _move_page(source, form), 422
    try:
        service.move(
            source.id,
            target.id,
            amount_cents=cents_of(form.amount.data),
            reason=form.reason.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _move_page(source, form), refusal.status
    flash(_("L’argent est sur la commande %(reference)s.", reference=target.reference), "success")
    return redirect(url_for("orders_office.order", reference=source.reference), 303)


def _receipt_form(found: Sequence[Order], *, empty: bool = False) -> ReceiptForm:
    """Return the form of what came in; ``empty`` when what was sent is that of another form."""
    methods = [method for method in payments.all_methods() if not method.online]
    asked = request.args.get("mode", "")
    own = found[0].payment_method if len(found) == 1 else ""
    offered = {method.code for method in methods}
    form = ReceiptForm(
        **({"formdata": None} if empty else {}),
        method=next((code for code in (asked, own) if code in offered), None),
        received_on=clock.local_date(clock.now()),
        amount=french.plain_amount(found[0].balance_cents) if len(found) == 1 and found[0].balance_cents > 0 else "",
    )
    form.method.choices = [SelectChoice(method.code, method.local_name) for method in methods]
    form.reference.description = payments.reference_hint(methods)
    return form


def _next_receipt(form: ReceiptForm) -> ResponseReturnValue:
    return redirect(url_for(".receipts", mode=form.method.data, le=form.received_on.data.isoformat()), 303)


def _receipts_page(
    words: str,
    found: Sequence[Order],
    form: ReceiptForm,
    deposit_form: DepositForm | None = None,
    picked: Collection[int] | None = None,
) -> str:
    """Show the page; of a slip that was refused, with its form and the cheques that were chosen."""
    cheques = queries.cheques_to_deposit()
    return render_template(
        "receipts/office/receipts.html",
        words=words,
        found=found,
        form=form,
        kept={name: request.args[name] for name in _KEPT if request.args.get(name)},
        cheques=cheques,
        picked={cheque.id for cheque in cheques} if picked is None else picked,
        deposit_form=deposit_form or DepositForm(formdata=None, deposited_on=clock.local_date(clock.now())),
        most_cheques=queries.MOST_CHEQUES,
        status_words=orders.STATUS_WORDS,
        payment_word=orders.payment_word,
    )


def _reverse_page(payment: Payment, form: ReverseForm) -> str:
    return render_template("receipts/office/reverse.html", payment=payment, order=payment.order, form=form)


def _what_follows(order: Order) -> str:
    """Return what an order is after a payment of it was taken back."""
    if order.lost_cents:
        lost = i18n.money(order.lost_cents)
        return str(_("Il avait été rendu : %(amount)s sont à récupérer auprès de l’acheteur.", amount=lost))
    if order.status in (OrderStatus.CANCELLED, OrderStatus.EXPIRED):
        return str(_("La commande est close : ce règlement n’est plus à rendre."))
    if order.balance_cents > 0:
        return str(_("La commande est à régler de nouveau."))
    return str(_("La commande reste réglée."))


def _move_page(source: Order, form: MoveForm) -> str:
    return render_template("receipts/office/move.html", order=source, form=form)

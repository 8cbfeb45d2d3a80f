"""Invoices in the office: the list, one of them, credit notes, and the sentences on all of them."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import cents_of
from eventsapp.files import delivery
from eventsapp.invoices import queries, rules, service
from eventsapp.invoices.errors import NotCreditable
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.statuses import Check, DocumentKind
from eventsapp.invoices.values import TermsDraft
from eventsapp.invoices.web.forms import CreditForm, TermsForm
from eventsapp.office import lists, refusals
from eventsapp.orders import queries as orders

blueprint = Blueprint("invoices_office", __name__, url_prefix="/organisation")


@blueprint.get("/factures/")
@requires(Permission.ORDERS_VIEW)
def invoices() -> ResponseReturnValue:
    """List the invoices and credit notes."""
    return lists.answer(
        queries.invoice_list(),
        template="invoices/office/invoices.html",
        row_url=lambda invoice: url_for(".invoice", number=invoice.number),
    )


@blueprint.get("/factures/<number>/")
@requires(Permission.ORDERS_VIEW)
def invoice(number: str) -> ResponseReturnValue:
    """Show what one says, what the validators say of it, and what was taken back."""
    return _page(_found(number), CreditForm())


@blueprint.get("/factures/<number>/fichier.<any(pdf, xml):ending>")
@requires(Permission.ORDERS_VIEW)
def file(number: str, ending: str) -> ResponseReturnValue:
    """Give the PDF, or the Factur-X data alone."""
    found = _found(number)
    if ending == "pdf":
        return delivery.answer(found.pdf or abort(404))
    response = make_response(found.xml or abort(404))
    response.content_type = "application/xml"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.xml"'
    return response


@blueprint.post("/factures/<number>/avoir/")
@requires(Permission.PAYMENTS_RECORD)
def credit(number: str) -> ResponseReturnValue:
    """Take an invoice back, in full or in part."""
    found = _found(number)
    form = CreditForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        note = checkout.credit_invoice(
            found,
            amount_cents=cents_of(form.amount.data) if form.amount.data else None,
            parts=form.parts(),
            redo=form.redo.data,
            reason=form.reason.data,
            actor=current_user,
            now=clock.now(),
            form_key=form.key.data,
        )
    except NotCreditable as refusal:
        # Its page has no form that could say so.
        flash(refusal.message, "error")
        return redirect(url_for(".invoice", number=found.number), 303)
    except Refusal as refusal:
        form.show(refusal)
        if not any(pointer.startswith("/lines/") for pointer in refusal.errors):
            refusals.show(refusal, form)
        return _page(found, form), refusal.status
    flash(_("L’avoir %(number)s est émis.", number=note.number), "success")
    return redirect(url_for(".invoice", number=note.number), 303)


@blueprint.post("/factures/<number>/controler/")
@requires(Permission.PAYMENTS_RECORD)
def recheck(number: str) -> ResponseReturnValue:
    """Have a refused invoice checked again."""
    service.recheck(_found(number), actor=current_user, now=clock.now())
    flash(_("Le contrôle est redemandé ; la réponse vient dans la minute."), "success")
    return redirect(url_for(".invoice", number=number), 303)


@blueprint.post("/commandes/<reference>/facturer/")
@requires(Permission.PAYMENTS_RECORD)
def issue(reference: str) -> ResponseReturnValue:
    """Invoice an order now."""
    order = orders.by_reference(reference) or abort(404)
    try:
        made = checkout.invoice_order(order.id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("orders_office.order", reference=reference), 303)
    flash(_("La facture %(number)s est émise.", number=made.number), "success")
    return redirect(url_for(".invoice", number=made.number), 303)


@blueprint.route("/factures/mentions/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def terms() -> ResponseReturnValue:
    """Edit what is printed on every invoice."""
    kept = queries.terms()
    form = TermsForm(**{name: getattr(kept, name) for name in TermsDraft.__dataclass_fields__})
    if not form.validate_on_submit():
        return render_template("invoices/office/terms.html", form=form, terms=kept), 422 if form.errors else 200
    service.save_terms(form.draft(), actor=current_user, now=clock.now())
    flash(_("Les mentions sont enregistrées ; elles paraîtront sur les prochaines factures."), "success")
    return redirect(url_for(".terms"), 303)


def _found(number: str) -> Invoice:
    return queries.by_number(number) or abort(404)


def _page(found: Invoice, form: CreditForm) -> str:
    # One row a line of the order, whatever the parts of its price: a credit note takes off of all of them.
    left = rules.by_line(queries.lines_left(found)) if found.kind is DocumentKind.INVOICE else {}
    if request.method == "GET":
        # What the validators refuse is written anew; of anything else somebody must say so.
        form.redo.data = found.check is Check.INVALID
        for key in left:
            form.lines.append_entry({"line": str(key)})
    return render_template(
        "invoices/office/invoice.html",
        invoice=found,
        content=queries.content_of(found),
        notes=queries.credit_notes_of(found.id),
        left={str(key): (rules.label_of(pieces), rules.gross_of(pieces)) for key, pieces in left.items()},
        left_cents=sum(rules.gross_of(pieces) for pieces in left.values()),
        quantities={str(line.order_line_id): line.quantity for line in found.lines},
        form=form,
        kind_words=queries.KIND_WORDS,
        customer_words=queries.CUSTOMER_WORDS,
        check_words=queries.CHECK_WORDS,
    )

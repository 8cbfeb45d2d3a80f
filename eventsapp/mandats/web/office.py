"""Dossiers in the office: the list, and one of them with what is legal now."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.files import delivery
from eventsapp.files.reception import take_files
from eventsapp.invoices import papers as invoice_papers
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.mandats import papers, queries, rules
from eventsapp.mandats.models import MandatDossier
from eventsapp.mandats.statuses import NEXT, OPEN, MandatStatus
from eventsapp.mandats.web.forms import DepositForm, DossierForm, RejectionForm, RequirementsForm
from eventsapp.office import lists, refusals
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.organisations import queries as organisations
from eventsapp.organisations import service as organisation_service
from eventsapp.organisations.models import Organisation

blueprint = Blueprint("mandats_office", __name__, url_prefix="/organisation")
take_files(blueprint, "keep")


@blueprint.get("/mandats/")
@requires(Permission.ORDERS_VIEW)
def dossiers() -> ResponseReturnValue:
    """List the dossiers."""
    return lists.answer(
        queries.dossier_list(),
        row_url=lambda row: url_for(".dossier", reference=row.order.reference),
        nav="mandats",
    )


@blueprint.get("/commandes/<reference>/mandat/")
@requires(Permission.ORDERS_VIEW)
def dossier(reference: str) -> ResponseReturnValue:
    """Show where the dossier stands, what may be done now, and what is copied to the portal."""
    order, found = _found(reference)
    return _page(order, found)


@blueprint.post("/commandes/<reference>/mandat/")
@requires(Permission.ORDERS_EDIT)
def keep(reference: str) -> ResponseReturnValue:
    """Keep a purchase order that came by mail, and the codes."""
    order, found = _found(reference)
    form = DossierForm()
    if not form.validate_on_submit():
        return _page(order, found, form=form), 422
    try:
        checkout.complete_mandat(
            order.id, codes=form.codes(), brought=form.brought(), actor=current_user, now=clock.now()
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(order, found, form=form), refusal.status
    flash(_("Le dossier est enregistré."), "success")
    return _back(reference)


@blueprint.post("/commandes/<reference>/mandat/etape/<any(awaited, received, service_done):to>/")
@requires(Permission.ORDERS_EDIT)
def step(reference: str, to: str) -> ResponseReturnValue:
    """Take the dossier one step on, or back."""
    order, _dossier = _found(reference)
    try:
        checkout.move_mandat(order.id, MandatStatus(to), actor=current_user, now=clock.now())
        flash(_("Étape : %(step)s.", step=rules.WORDS[MandatStatus(to)]), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return _back(reference)


@blueprint.post("/commandes/<reference>/mandat/depot/")
@requires(Permission.PAYMENTS_RECORD)
def deposit(reference: str) -> ResponseReturnValue:
    """Keep what the portal answered to the deposit."""
    order, found = _found(reference)
    form = DepositForm()
    if not form.validate_on_submit():
        return _page(order, found, deposit_form=form), 422
    try:
        checkout.deposit_mandat(order.id, form.portal(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(order, found, deposit_form=form), refusal.status
    flash(_("Le dépôt est enregistré."), "success")
    return _back(reference)


@blueprint.post("/commandes/<reference>/mandat/rejet/")
@requires(Permission.PAYMENTS_RECORD)
def reject(reference: str) -> ResponseReturnValue:
    """Keep why the body refused the invoice."""
    order, found = _found(reference)
    form = RejectionForm()
    if not form.validate_on_submit():
        return _page(order, found, rejection_form=form), 422
    try:
        checkout.reject_mandat(order.id, reason=form.reason.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(order, found, rejection_form=form), refusal.status
    flash(_("Le rejet est enregistré : corrigez, puis déposez de nouveau."), "success")
    return _back(reference)


@blueprint.post("/commandes/<reference>/mandat/exigences/")
@requires(Permission.ORDERS_EDIT)
def requirements(reference: str) -> ResponseReturnValue:
    """Keep what the body wants on its invoices; its next orders are asked for it."""
    order, _dossier = _found(reference)
    body = organisations.by_siret(order.siret) or abort(404)
    form = RequirementsForm()
    organisation_service.save_requirements(
        body,
        service_code=form.requires_service_code.data,
        commitment_number=form.requires_commitment_number.data,
        actor=current_user,
        now=clock.now(),
    )
    flash(_("Les exigences de l’organisme sont enregistrées."), "success")
    return _back(reference)


@blueprint.get("/commandes/<reference>/mandat/bon-de-commande")
@requires(Permission.ORDERS_VIEW)
def purchase_order(reference: str) -> ResponseReturnValue:
    """Give the purchase order, under a name that the portal takes."""
    _order, found = _found(reference)
    kept = found.purchase_order_file or abort(404)
    answer = delivery.answer(kept)
    if len(kept.name) > rules.ATTACHMENT_NAME:
        answer.headers.set("Content-Disposition", "attachment", filename=rules.attachment_name(kept.name))
    return answer


@blueprint.get("/commandes/<reference>/mandat/chorus.<any(pdf, xml):ending>")
@requires(Permission.ORDERS_VIEW)
def paper(reference: str, ending: str) -> ResponseReturnValue:
    """Give the invoice as the portal reads it: black on white, or the electronic one with its own « cadre »."""
    order, _dossier = _found(reference)
    invoice = invoices.standing_invoice(order.id) or abort(404)
    content = invoices.content_of(invoice)
    data = (
        invoice_papers.invoice_pdf(content, portal=True)
        if ending == "pdf"
        else invoice_papers.einvoice_xml(content, channel="chorus")
    )
    response = make_response(data)
    response.content_type = f"application/{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{invoice.number}-chorus.{ending}"'
    return response


def _found(reference: str) -> tuple[Order, MandatDossier]:
    order = orders.by_reference(reference) or abort(404)
    return order, queries.of_order(order.id) or abort(404)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for(".dossier", reference=reference), 303)


def _page(
    order: Order,
    found: MandatDossier,
    *,
    form: DossierForm | None = None,
    deposit_form: DepositForm | None = None,
    rejection_form: RejectionForm | None = None,
) -> str:
    body = organisations.by_siret(order.siret)
    invoice = invoices.standing_invoice(order.id)
    today = clock.local_date(clock.now())
    # A form that somebody else sent shows what is kept, not what was typed into another.
    return render_template(
        "mandats/office/dossier.html",
        order=order,
        dossier=found,
        body=body,
        problems=_problems(order, found, body, invoice) if MandatStatus.DEPOSITED in NEXT[found.status] else [],
        last_deposit=queries.last_deposit(order.id),
        invoice=invoice,
        chorus_fields=papers.chorus_sheet(invoices.content_of(invoice)) if invoice else [],
        words=rules.WORDS,
        legal=NEXT[found.status],
        may_change=found.status in OPEN,
        form=form
        or DossierForm(
            formdata=None,
            number=found.purchase_order_number,
            siret=order.siret,
            service_code=order.service_code,
            commitment_number=order.commitment_number,
        ),
        deposit_form=deposit_form or DepositForm(formdata=None, deposited_on=today),
        rejection_form=rejection_form or RejectionForm(formdata=None),
        requirements_form=RequirementsForm(formdata=None, obj=body),
    )


def _problems(order: Order, found: MandatDossier, body: Organisation | None, invoice: Invoice | None) -> list[str]:
    """Return what the portal would refuse if the invoice were deposited as it is."""
    file = found.purchase_order_file
    return rules.portal_problems(
        body.required_codes if body else frozenset(),
        {"service_code": order.service_code, "commitment_number": order.commitment_number},
        {file.name: file.size} if file else {},
        paper_bytes=invoice.pdf.size if invoice and invoice.pdf else 0,
    )

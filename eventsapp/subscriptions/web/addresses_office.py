"""Where the paper of one subscription goes, in the office: address, copies, what came back."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import refusals
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import UndeliveredReason
from eventsapp.subscriptions.web.address_forms import (
    AddressForm,
    CopiesForm,
    ReturnForm,
    address_form,
    return_form,
)

blueprint = Blueprint("addresses_office", __name__, url_prefix="/organisation/abonnes/<int:contract_id>/livraison")


@blueprint.get("/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def delivery(contract_id: int) -> ResponseReturnValue:
    """Show where paper goes, went and will go, and the forms that change it."""
    return _page(_contract(contract_id))


@blueprint.post("/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def change(contract_id: int) -> ResponseReturnValue:
    """Let paper go elsewhere; the reader is told."""
    found = _contract(contract_id)
    form = AddressForm()
    if not form.validate_on_submit():
        return _page(found, form, status=422)
    try:
        subscriptions.change_address(
            found, form.delivery(), from_on=form.from_on.data, actor=current_user, now=clock.now()
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(found, form, status=refusal.status)
    flash(_("L’adresse est notée ; le lecteur en est prévenu par courriel."), "success")
    return _back(contract_id)


@blueprint.post("/<int:address_id>/renoncer/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def forget(contract_id: int, address_id: int) -> ResponseReturnValue:
    """Give up a move that is to come."""
    subscriptions.forget_address(_contract(contract_id), address_id, actor=current_user, now=clock.now())
    flash(_("C’est noté : l’adresse ne change pas."), "success")
    return _back(contract_id)


@blueprint.post("/exemplaires/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def copies(contract_id: int) -> ResponseReturnValue:
    """Say how many copies of each number go out."""
    found = _contract(contract_id)
    form = CopiesForm()
    if not form.validate_on_submit():
        return _page(found, copies=form, status=422)
    subscriptions.set_copies(found, copies=form.copies.data, actor=current_user, now=clock.now())
    told = ngettext(
        "%(num)s exemplaire de chaque numéro partira.", "%(num)s exemplaires de chaque numéro partiront.", found.copies
    )
    flash(told, "success")
    return _back(contract_id)


@blueprint.post("/revenu/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def undelivered(contract_id: int) -> ResponseReturnValue:
    """Note that a copy came back."""
    found = _contract(contract_id)
    form = ReturnForm()
    if not form.validate_on_submit():
        return _page(found, returned=form, status=422)
    try:
        subscriptions.mark_undelivered(
            found,
            reason=UndeliveredReason(form.reason.data),
            on=form.on.data,
            tell=form.tell.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(found, returned=form, status=refusal.status)
    flash(_("C’est noté : plus rien ne part à cette adresse."), "success")
    return _back(contract_id)


@blueprint.post("/remettre/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def mend(contract_id: int) -> ResponseReturnValue:
    """Let copies go out again to the address as it is."""
    subscriptions.mend(_contract(contract_id), actor=current_user, now=clock.now())
    flash(_("Les envois reprennent à cette adresse."), "success")
    return _back(contract_id)


def _contract(contract_id: int) -> Contract:
    return queries.contract(contract_id) or abort(404)


def _back(contract_id: int) -> ResponseReturnValue:
    return redirect(url_for(".delivery", contract_id=contract_id), 303)


def _page(
    found: Contract,
    form: AddressForm | None = None,
    *,
    copies: CopiesForm | None = None,
    returned: ReturnForm | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "subscriptions/office/delivery.html",
        contract=found,
        form=form or address_form(found),
        copies=copies or CopiesForm(formdata=None, copies=found.copies),
        returned=returned or return_form(today=clock.local_date(clock.now())),
        gets_paper=rules.gets_paper(edition=found.plan.edition, status=found.status, issues_left=found.issues_left),
        addresses=queries.addresses_of(found.id),
        reason_words=queries.REASON_WORDS,
    )
    return make_response(page, status)

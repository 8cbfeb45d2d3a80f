"""Where the reader's paper goes: seen and changed by the private link of the subscription, without signing in."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.core import clock, i18n, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.office import refusals
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.web.address_forms import AddressForm, address_form

blueprint = Blueprint("addresses", __name__, url_prefix="/abonnements/adresse/<secret>")


@blueprint.get("/")
def address(secret: str) -> ResponseReturnValue:
    """Show where paper goes, where it will, and the form that changes it."""
    found = _contract(secret)
    return _page(found, address_form(found))


@blueprint.post("/")
@limits.limiter.limit(limits.RESEND)
def change(secret: str) -> ResponseReturnValue:
    """Let paper go elsewhere, from today or from the day that the reader says."""
    found = _contract(secret)
    form = AddressForm()
    if not form.validate_on_submit():
        return _page(found, form, status=422)
    try:
        written = subscriptions.change_address(found, form.delivery(), from_on=form.from_on.data, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(found, form, status=refusal.status)
    if written.applied_at is None:
        told = _("C’est noté : l’adresse change le %(date)s.", date=i18n.date_long(written.from_on))
    else:
        told = _("C’est noté : le prochain envoi part à cette adresse.")
    flash(told, "success")
    return redirect(url_for(".address", secret=secret), 303)


@blueprint.post("/<int:address_id>/renoncer/")
@limits.limiter.limit(limits.RESEND)
def forget(secret: str, address_id: int) -> ResponseReturnValue:
    """Give up a move that is to come."""
    subscriptions.forget_address(_contract(secret), address_id, now=clock.now())
    flash(_("C’est noté : l’adresse ne change pas."), "success")
    return redirect(url_for(".address", secret=secret), 303)


def _contract(secret: str) -> Contract:
    return queries.contract_for_link(secret) or abort(404)


def _page(found: Contract, form: AddressForm, *, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "subscriptions/address.html",
        contract=found,
        form=form,
        gets_paper=rules.gets_paper(edition=found.plan.edition, status=found.status, issues_left=found.issues_left),
        coming=[row for row in queries.addresses_of(found.id) if row.applied_at is None],
    )
    return private(make_response(page, status))

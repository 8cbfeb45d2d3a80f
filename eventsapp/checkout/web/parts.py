"""Cancelling a part of an order, by its buyer or in the office: choose, see what it changes, agree."""

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout import service as checkout
from eventsapp.checkout.web import ordering
from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import MOST_CENTS, SubmissionField, long_text_field
from eventsapp.core.security_headers import private
from eventsapp.office import refusals
from eventsapp.orders import queries
from eventsapp.orders.models import Order

blueprint = Blueprint("parts", __name__, url_prefix="/commandes")
office = Blueprint("parts_office", __name__, url_prefix="/organisation/commandes")


def _number(text: Any) -> int:
    """Return a key as it is in the address; what is none is nobody's."""
    return int(text) if str(text).isascii() and str(text).isdecimal() and len(str(text)) < 10 else 0


class PartForm(FlaskForm):
    """What goes, and what whoever asks was shown that it costs."""

    #: What may go is the service's to say: a form sent twice names what is gone.
    seats = SelectMultipleField(_l("Places"), coerce=_number, choices=(), validate_choice=False)
    fee_cents = IntegerField(validators=[InputRequired(), NumberRange(min=0, max=MOST_CENTS)])
    key = SubmissionField()


class OfficePartForm(PartForm):
    """What the office takes back, and why."""

    contracts = SelectMultipleField(_l("Abonnements"), coerce=_number, choices=(), validate_choice=False)
    free = BooleanField(_l("Ne pas retenir de frais"))
    reason = long_text_field(
        _l("Motif"),
        most=300,
        required=_l("Indiquez le motif : il est écrit à l’acheteur et gardé dans l’historique."),
        render_kw={"rows": 3},
    )


@blueprint.route("/<reference>/<secret>/annuler-en-partie/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def cancel(reference: str, secret: str) -> ResponseReturnValue:
    """Let the buyer choose seats, show what giving them back changes, and do it."""
    order = queries.order_for_link(reference, secret) or abort(404)
    if request.method == "GET":
        return _page(order, PartForm(formdata=request.args))
    form = PartForm()
    if not form.validate_on_submit():
        return _page(order, form, status=422)
    address = ordering.address_of(order)
    try:
        checkout.cancel_part(
            order.id,
            seat_ids=form.seats.data,
            fee_cents=form.fee_cents.data,
            now=clock.now(),
            form_key=form.key.data,
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(order, form, status=refusal.status)
    flash(_("C’est annulé ; un courriel vous le confirme."), "success")
    return redirect(address, 303)


@office.route("/<reference>/annuler-en-partie/", methods=["GET", "POST"])
@requires(Permission.ORDERS_CANCEL)
def cancel_in_office(reference: str) -> ResponseReturnValue:
    """Let the office choose seats and subscriptions, show what that changes, ask why, and do it."""
    order = queries.by_reference(reference) or abort(404)
    if request.method == "GET":
        return _office_page(order, OfficePartForm(formdata=request.args))
    form = OfficePartForm()
    if not form.validate_on_submit():
        return _office_page(order, form, status=422)
    try:
        checkout.cancel_part(
            order.id,
            seat_ids=form.seats.data,
            contract_ids=form.contracts.data,
            fee_cents=form.fee_cents.data,
            free=form.free.data,
            reason=form.reason.data,
            actor=current_user,
            now=clock.now(),
            form_key=form.key.data,
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _office_page(order, form, status=refusal.status)
    flash(_("C’est annulé ; l’acheteur et les personnes concernées en sont avertis."), "success")
    return redirect(url_for("orders_office.order", reference=reference), 303)


def _page(order: Order, form: PartForm, *, status: int = 200) -> ResponseReturnValue:
    there = checkout.cancellable(order, now=clock.now(), by_buyer=True)
    offer = _offer(order, form, seat_ids=form.seats.data or (), by_buyer=True)
    page = render_template("checkout/cancel_part.html", order=order, there=there, form=form, offer=offer)
    return private(make_response(page, status))


def _office_page(order: Order, form: OfficePartForm, *, status: int = 200) -> ResponseReturnValue:
    there = checkout.cancellable(order, now=clock.now())
    offer = _offer(
        order, form, seat_ids=form.seats.data or (), contract_ids=form.contracts.data or (), free=form.free.data
    )
    page = render_template("checkout/office/cancel_part.html", order=order, there=there, form=form, offer=offer)
    return page, status


def _offer(order: Order, form: PartForm, **chosen: Any) -> checkout.PartOffer | None:
    """Return what the chosen part changes; ``None`` where nothing is chosen, or refused, which is said beside it."""
    if not chosen["seat_ids"] and not chosen.get("contract_ids"):
        if "voir" in request.args:
            form.seats.errors = [*form.seats.errors, _("Choisissez au moins une place ou un abonnement.")]
        return None
    try:
        return checkout.part_offer(order, now=clock.now(), **chosen)
    except Refusal as refusal:
        if not form.errors and not form.form_errors:
            form.seats.errors = [*form.seats.errors, refusal.message]
        return None

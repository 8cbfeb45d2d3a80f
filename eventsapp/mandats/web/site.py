"""The dossier for the buyer: bring the purchase order, correct the codes until the invoice is deposited."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.checkout import service as checkout
from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.files import delivery
from eventsapp.files.reception import take_files
from eventsapp.mandats import queries, rules
from eventsapp.mandats.models import MandatDossier
from eventsapp.mandats.statuses import OPEN
from eventsapp.mandats.web.forms import DossierForm
from eventsapp.office import refusals
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.organisations import queries as organisations

blueprint = Blueprint("mandats", __name__, url_prefix="/commandes/<reference>/<secret>/mandat")
take_files(blueprint, "dossier")


@blueprint.route("/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def dossier(reference: str, secret: str) -> ResponseReturnValue:
    """Show where the dossier stands; keep what the buyer brings."""
    order, found = _found(reference, secret)
    form = DossierForm(
        number=found.purchase_order_number,
        siret=order.siret,
        service_code=order.service_code,
        commitment_number=order.commitment_number,
    )
    if not form.validate_on_submit():
        return private(make_response(_page(order, found, form), 422 if form.errors else 200))
    try:
        checkout.complete_mandat(order.id, codes=form.codes(), brought=form.brought(), now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return private(make_response(_page(order, found, form), refusal.status))
    flash(_("C’est enregistré, merci."), "success")
    return redirect(url_for("orders.order", reference=reference, secret=secret), 303)


@blueprint.get("/bon-de-commande")
def purchase_order(reference: str, secret: str) -> ResponseReturnValue:
    """Give the purchase order back to whoever brought it."""
    _order, found = _found(reference, secret)
    return private(delivery.answer(found.purchase_order_file or abort(404)))


def _found(reference: str, secret: str) -> tuple[Order, MandatDossier]:
    order = orders.order_for_link(reference, secret) or abort(404)
    return order, queries.of_order(order.id) or abort(404)


def _page(order: Order, found: MandatDossier, form: DossierForm) -> str:
    return render_template(
        "mandats/dossier.html",
        order=order,
        dossier=found,
        form=form,
        words=rules.WORDS,
        may_change=found.status in OPEN,
        body=organisations.by_siret(order.siret),
    )

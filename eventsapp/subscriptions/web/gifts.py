"""A gift for whoever has its link, who accepts it; and for its giver, below the order that bought it."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.core import clock, limits, links
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.core.security_headers import private
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.subscriptions import papers, queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Gift
from eventsapp.subscriptions.statuses import GiftState
from eventsapp.subscriptions.web.forms import RedeemForm, ResendForm

blueprint = Blueprint("gifts", __name__)

_FOR_GIVER = "/commandes/<reference>/<secret>/cadeaux/<int:gift_id>"


@blueprint.get("/abonnements/offert/<secret>/")
def gift(secret: str) -> ResponseReturnValue:
    """Show what is offered, by whom, and the form that accepts it; looking starts nothing."""
    found = queries.gift_for_link(secret) or abort(404)
    name = found.recipient_name
    return _page(found, RedeemForm(formdata=None, email=found.recipient_email, name=name))


@blueprint.post("/abonnements/offert/<secret>/")
@limits.limiter.limit(limits.ORDER)
def redeem(secret: str) -> ResponseReturnValue:
    """Let the subscription begin; a second time it says that it has."""
    found = queries.gift_for_link(secret) or abort(404)
    form = RedeemForm()
    form.offer(found.contract.plan)
    if not form.validate_on_submit():
        return _page(found, form, status=422)
    try:
        subscriptions.redeem(secret, reader=form.reader(), locale=locale_code(), now=clock.now())
    except Refusal as refusal:
        return _page(found, form, status=refusal.status)
    return redirect(url_for(".gift", secret=secret), 303)


@blueprint.get(f"{_FOR_GIVER}/")
def of_giver(reference: str, secret: str, gift_id: int) -> ResponseReturnValue:
    """Show the giver where the gift stands, its card, its link, and the way to send it again."""
    order, found = _given(reference, secret, gift_id)
    return _giver_page(order, found, ResendForm(formdata=None, email=found.recipient_email))


@blueprint.post(f"{_FOR_GIVER}/renvoyer/")
@limits.limiter.limit(limits.RESEND)
def send_again(reference: str, secret: str, gift_id: int) -> ResponseReturnValue:
    """Send the mail of the gift again, to a corrected address perhaps."""
    order, found = _given(reference, secret, gift_id)
    form = ResendForm()
    if not form.validate_on_submit():
        return _giver_page(order, found, form, status=422)
    try:
        subscriptions.send_again(found, email=form.email.data, now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return _giver_page(order, found, form, status=refusal.status)
    flash(_("Le cadeau est reparti à %(email)s.", email=form.email.data), "success")
    return redirect(url_for(".of_giver", reference=reference, secret=secret, gift_id=gift_id), 303)


@blueprint.get(f"{_FOR_GIVER}/carte.pdf")
def card(reference: str, secret: str, gift_id: int) -> ResponseReturnValue:
    """Give the card to print, once what it opens is paid."""
    order, found = _given(reference, secret, gift_id)
    if found.state not in {GiftState.SCHEDULED, GiftState.OFFERED}:
        abort(404)
    response = make_response(papers.gift_card(found, locale=order.locale))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="carte-cadeau-{order.reference}-{found.id}.pdf"'
    return private(response)


def _given(reference: str, secret: str, gift_id: int) -> tuple[Order, Gift]:
    order = orders.order_for_link(reference, secret) or abort(404)
    return order, queries.gift_of_order(order.id, gift_id) or abort(404)


def _page(found: Gift, form: RedeemForm, *, status: int = 200) -> Response:
    form.offer(found.contract.plan)
    page = render_template(
        "subscriptions/gift.html",
        gift=found,
        plan=found.contract.plan,
        waits=found.announce_at > clock.now(),
        form=form,
    )
    return private(make_response(page, status))


def _giver_page(order: Order, found: Gift, form: ResendForm, *, status: int = 200) -> Response:
    page = render_template(
        "subscriptions/given.html",
        order=order,
        gift=found,
        gift_url=links.absolute("gifts.gift", secret=found.secret),
        plan=found.contract.plan,
        form=form,
        sends_left=rules.MOST_GIFT_MAILS - found.sends,
    )
    return private(make_response(page, status))

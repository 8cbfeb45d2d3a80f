"""Offering a subscription: the giver's wishes, put into the basket and changed there."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field
from wtforms.validators import Optional, ValidationError

from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Subscription
from eventsapp.checkout.web import session
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import email_field, long_text_field, text_field, without_links
from eventsapp.core.security_headers import private
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Plan
from eventsapp.subscriptions.rules import FARTHEST_GIFT, MESSAGE_LENGTH, announce_problem
from eventsapp.subscriptions.values import GiftWish

blueprint = Blueprint("giving", __name__)


class GiftForm(FlaskForm):
    """For whom, when, in which words."""

    recipient_name = text_field(
        _l("Son nom"),
        most=200,
        required=_l("Indiquez à qui vous offrez l’abonnement."),
        description=_l("Il figure sur la carte."),
    )
    recipient_email = email_field(
        _l("Son courriel"), description=_l("Laissez vide pour remettre vous-même la carte à imprimer.")
    )
    announce_on = DateField(
        _l("Le jour du cadeau"),
        validators=[Optional()],
        description=_l("Le courriel part ce jour-là, et l’abonnement ne commence pas avant. Vide : dès le règlement."),
        invalid_value_message=_l("Écrivez une date, par exemple 24/12/2026."),
    )
    message = long_text_field(
        _l("Votre message"),
        most=MESSAGE_LENGTH,
        description=_l("300 caractères au plus, sans lien."),
        render_kw={"rows": 4, "maxlength": MESSAGE_LENGTH},
    )
    giver_name = text_field(
        _l("Votre signature"), most=200, description=_l("« Mamie », « toute l’équipe »… Vide : votre nom.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in (self.recipient_name, self.message, self.giver_name):
            field.validators = [*field.validators, without_links]

    def validate_announce_on(self, field: Field) -> None:
        """Refuse a day that has passed, and one that nobody can foresee."""
        if told := announce_problem(field.data, today=clock.local_date(clock.now())):
            raise ValidationError(told)

    def wish(self) -> GiftWish:
        """Return what the giver wishes."""
        return GiftWish(
            recipient_name=self.recipient_name.data or "",
            recipient_email=self.recipient_email.data or "",
            giver_name=self.giver_name.data or "",
            message=self.message.data or "",
            announce_on=self.announce_on.data,
        )


@blueprint.route("/abonnements/<slug>/offrir/", methods=["GET", "POST"])
def offer(slug: str) -> ResponseReturnValue:
    """Ask for whom the subscription is; put it into the basket."""
    plan = _plan(slug)
    form = GiftForm()
    if not form.validate_on_submit():
        return _page(plan, form, status=422 if form.errors else 200)
    item = Subscription(plan=plan.slug, gift=form.wish())
    try:
        session.keep(checkout.add_to_basket(session.token(), item, now=clock.now()))
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return _page(plan, form, status=refusal.status)
    flash(_("Le cadeau pour %(name)s est dans votre panier.", name=form.recipient_name.data), "success")
    return redirect(url_for("checkout.basket"), 303)


@blueprint.route("/panier/cadeaux/<int:position>/", methods=["GET", "POST"])
def change(position: int) -> ResponseReturnValue:
    """Change the wishes of a gift in the basket."""
    items = session.items()
    item = items[position] if position < len(items) else None
    token = session.token()
    if not isinstance(item, Subscription) or item.gift is None or token is None:
        abort(404)
    plan = _plan(item.plan)
    form = GiftForm(obj=item.gift)
    if not form.validate_on_submit():
        return _page(plan, form, status=422 if form.errors else 200, changes=True)
    try:
        changed = Subscription(plan=plan.slug, gift=form.wish())
        checkout.change_in_basket(token, position, changed, now=clock.now())
        flash(_("Le cadeau pour %(name)s est modifié.", name=form.recipient_name.data), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for("checkout.basket"), 303)


def _plan(slug: str) -> Plan:
    """Return a plan that can be offered: for one reader."""
    plan = subscriptions.plan(slug) or abort(404)
    return plan if plan.can_be_given else abort(404)


def _page(plan: Plan, form: GiftForm, *, status: int, changes: bool = False) -> ResponseReturnValue:
    today = clock.local_date(clock.now())
    page = render_template(
        "checkout/gift.html",
        plan=plan,
        form=form,
        changes=changes,
        first=today,
        last=today + timedelta(days=FARTHEST_GIFT),
    )
    return private(make_response(page, status))

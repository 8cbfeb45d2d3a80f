"""Renewing a subscription by a link, without signing in: the order, a quote in one click, and no more reminders."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from eventsapp.checkout import queries
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Subscription
from eventsapp.checkout.web import ordering, siret_fields
from eventsapp.checkout.web.forms import OrderForm
from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.core.security_headers import private
from eventsapp.payments import queries as payments
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions import rules
from eventsapp.subscriptions import service as subscription_service
from eventsapp.subscriptions.models import Contract, Plan

blueprint = Blueprint("renewals", __name__, url_prefix="/abonnements/renouveler/<secret>")


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is renewed, and by which of the plans on offer."""

    contract: Contract
    plans: tuple[Plan, ...]
    plan: Plan | None

    @property
    def item(self) -> Subscription:
        """The line of the order to be; its delivery is the form's."""
        assert self.plan is not None  # noqa: S101 - the caller looked
        return Subscription(plan=self.plan.slug, renews=self.contract.id)


@blueprint.get("/")
def renew(secret: str) -> ResponseReturnValue:
    """Show what is renewed, by which plan, and the order form with what is known filled in."""
    choice = _choice(secret)
    return _page(choice, _filled(choice))


@blueprint.post("/")
@limits.limiter.limit(limits.ORDER)
def order(secret: str) -> ResponseReturnValue:
    """Place the order of the renewal, or make its quote."""
    choice = _choice(secret)
    form = OrderForm()
    _offer(form, choice)
    if choice.plan is None:
        return _page(choice, form, status=409)
    items = [choice.item]
    wants_quote = "quote" in request.form
    if wants_quote:
        form.want_quote()
    elif ordering.is_taken_off(form, items):
        form.owe_nothing(payments.enabled_methods())
    if "apply_code" in request.form:
        return _page(choice, form)
    if form.website.data or not siret_fields.fits(form, own=_siret_of(choice)):
        return _page(choice, form, status=422)
    try:
        return ordering.make_quote(form, items) if wants_quote else ordering.place(form, items, empties_basket=False)
    except Refusal as refusal:
        return _page(choice, form, status=ordering.show_refusal(form, refusal))


@blueprint.post("/devis/")
@limits.limiter.limit(limits.ORDER)
def quote(secret: str) -> ResponseReturnValue:
    """Make the quote of the renewal with what is known, in one click; what is missing is asked for by the form."""
    choice = _choice(secret)
    if choice.plan is None:
        return _page(choice, _filled(choice), status=409)
    try:
        made = checkout.quote_renewal(choice.contract, choice.plan, locale=locale_code(), now=clock.now())
    except Refusal as refusal:
        form = _filled(choice)
        return _page(choice, form, status=ordering.show_refusal(form, refusal))
    flash(_("Le devis est prêt ; son lien est parti à %(email)s.", email=made.email), "success")
    return redirect(url_for("quotes.quote", reference=made.reference, secret=made.secret), 303)


@blueprint.get("/rappels/")
def reminders(secret: str) -> ResponseReturnValue:
    """Show the button that ends the reminders; mail programs follow links, so only pressing it does."""
    found = _contract(secret)
    return private(make_response(render_template("checkout/reminders.html", contract=found, form=FlaskForm())))


@blueprint.post("/rappels/")
@limits.limiter.limit(limits.RESEND)
def switch_reminders(secret: str) -> ResponseReturnValue:
    """End the reminders of this subscription, or let them go on."""
    found = _contract(secret)
    subscription_service.set_reminders(found, on="on" in request.form, now=clock.now())
    return redirect(url_for(".reminders", secret=secret), 303)


def _contract(secret: str) -> Contract:
    return subscriptions.contract_for_link(secret) or abort(404)


def _choice(secret: str) -> _Choice:
    """Return what the link renews, by the plan that the address names, else by its own while that is on offer."""
    contract = _contract(secret)
    plans = tuple(subscriptions.plans())
    wanted = request.args.get("formule", contract.plan.slug)
    by_slug = {plan.slug: plan for plan in plans}
    plan = by_slug.get(wanted) or by_slug.get(contract.plan.slug) or (plans[0] if plans else None)
    return _Choice(contract, plans, plan)


def _siret_of(choice: _Choice) -> str:
    return queries.known_for_renewal(choice.contract).billing.siret


def _offer(form: OrderForm, choice: _Choice) -> None:
    """Offer the ways to pay, and to let the card renew what is renewed by hand this time."""
    methods = payments.enabled_methods()
    form.offer(methods, days=False, plans=True)
    if choice.plan is not None and choice.contract.organisation_id is None:
        form.offer_card_renewal(checkout.consent_offered([choice.item]), methods)


def _filled(choice: _Choice) -> OrderForm:
    """Return the form with what is known of whoever renews."""
    known = queries.known_for_renewal(choice.contract)
    form = OrderForm(
        formdata=None,
        first_name=known.buyer.first_name,
        last_name=known.buyer.last_name,
        email=known.buyer.email,
        phone=known.buyer.phone,
        organisation=known.billing.organisation,
        siret=known.billing.siret,
        address=known.billing.address,
        postcode=known.billing.postcode,
        city=known.billing.city,
        billing_email=known.billing.email,
        service_code=known.billing.service_code,
        delivery_name=known.delivery.name,
        delivery_address=known.delivery.address,
        delivery_postcode=known.delivery.postcode,
        delivery_city=known.delivery.city,
        payment_method=known.payment_method,
    )
    _offer(form, choice)
    return form


def _page(choice: _Choice, form: OrderForm, *, status: int = 200) -> ResponseReturnValue:
    contract, plan = choice.contract, choice.plan
    renewal = subscriptions.renewal_of(contract.id)
    is_open = rules.is_renewable(status=contract.status, ends_on=contract.ends_on) and not (
        renewal is not None and renewal.starts_on
    )
    starts_on = rules.first_day(today=clock.local_date(clock.now()), current_end=contract.ends_on)
    priced = ordering.running_total(form, [choice.item]) if is_open and plan else None
    manager = None
    if contract.readership_id is not None:
        manager = subscriptions.managed_by(contract.email).get(contract.readership_id)
    if priced is not None:
        form.show_promo(priced.promo_problem)
    page = render_template(
        "checkout/renew.html",
        contract=contract,
        plans=choice.plans,
        plan=plan,
        form=form,
        renewal=renewal,
        manager=manager,
        agreement=subscriptions.agreement_of(contract.id),
        being_charged=subscription_service.being_charged(contract.id, now=clock.now()),
        is_open=is_open and plan is not None,
        starts_on=starts_on,
        ends_on=rules.last_day(starts_on=starts_on, months=plan.months) if plan else None,
        quote=priced,
        uncovered=(),
    )
    return private(make_response(page, status))

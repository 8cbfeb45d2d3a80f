"""Renewal by card, seen by a private link: what was agreed, what comes, and the button that stops it."""

import logging

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug import Response

from eventsapp.checkout import service as checkout
from eventsapp.core import clock, limits, unit_of_work
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.core.links import absolute
from eventsapp.core.security_headers import private
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import CardAgreement
from eventsapp.subscriptions.statuses import AgreementState

log = logging.getLogger(__name__)

blueprint = Blueprint("cards", __name__, url_prefix="/abonnements/par-carte/<secret>")


@blueprint.get("/")
def agreement(secret: str) -> ResponseReturnValue:
    """Show where the renewal by card stands; mail programs follow links, so only its buttons change it."""
    found = _agreement(secret)
    contract, now = found.contract, clock.now()
    coming = queries.card_renewal(contract) if contract.ends_on else None
    charge_on = coming.charge_on if coming else None
    if charge_on is None and contract.ends_on:
        charge_on = rules.charge_day(ends_on=contract.ends_on)
    page = render_template(
        "subscriptions/by_card.html",
        agreement=found,
        contract=contract,
        coming=coming,
        charge_on=charge_on,
        refuse_until=rules.refuse_until(charge_on=charge_on) if charge_on else None,
        end_words=queries.END_WORDS,
        being_charged=subscriptions.being_charged(contract.id, now=now),
        may_stop=found.state in {AgreementState.ASKED, AgreementState.ACTIVE},
        may_resume=subscriptions.may_resume(found, contract, now=now),
        may_change_card=subscriptions.may_change_card(found),
        page_id=request.args.get("page", ""),
    )
    return private(make_response(page))


@blueprint.post("/arreter/")
@limits.limiter.limit(limits.RESEND)
def stop(secret: str) -> ResponseReturnValue:
    """Let nothing be charged any more."""
    found = _agreement(secret)
    try:
        subscriptions.stop_card(found.id, now=clock.now())
        if queries.is_being_charged(found.contract_id):
            flash(_("C’est arrêté. Un courriel vous le confirme."), "success")
        else:
            flash(_("C’est arrêté : rien ne sera prélevé. Un courriel vous le confirme."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".agreement", secret=secret), 303)


@blueprint.post("/reprendre/")
@limits.limiter.limit(limits.RESEND)
def resume(secret: str) -> ResponseReturnValue:
    """Take the stop back."""
    found = _agreement(secret)
    try:
        subscriptions.resume(found.id, now=clock.now())
        flash(_("C’est repris : l’abonnement se renouvelle par carte. Un courriel vous le confirme."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".agreement", secret=secret), 303)


@blueprint.post("/carte/")
@limits.limiter.limit(limits.ORDER)
def change_card(secret: str) -> ResponseReturnValue:
    """Lead to Stripe's page on which another card is given, once no transaction is open any more."""
    agreement_id = _agreement(secret).id
    locale = locale_code()

    def open_page() -> Response:
        here = absolute("cards.agreement", locale=locale, secret=secret)
        try:
            page = subscriptions.open_card_page(
                queries.agreement_for_link(secret) or abort(404), back_url=here, locale=locale, now=clock.now()
            )
        except Refusal as refusal:
            log.warning("agreement %s: no page for another card", agreement_id, exc_info=True)
            flash(refusal.message, "error")
            return redirect(url_for(".agreement", secret=secret), 303)
        return redirect(page, 303)

    unit_of_work.after_commit(open_page)
    return redirect(url_for(".agreement", secret=secret), 303)


@blueprint.post("/carte/verifier/")
@limits.limiter.limit(limits.ORDER)
def verify_card(secret: str) -> ResponseReturnValue:
    """Ask Stripe what became of its page, for a reader who came back before its message."""
    _agreement(secret)
    page_id = request.form.get("page", "")

    def verify() -> None:
        try:
            answers = checkout.ask_about_card(page_id[:100], now=clock.now())
        except Refusal as refusal:
            flash(refusal.message, "error")
            return
        if answers.silence is not None:
            flash(answers.silence.message, "error")
        elif answers.settled or queries.is_card_of_page(secret, page_id):
            flash(_("C’est fait : le prochain renouvellement se prélève sur cette carte."), "success")
        else:
            flash(_("Stripe n’a pas d’autre carte pour ce renouvellement."), "info")

    if page_id:
        unit_of_work.after_commit(verify)
    return redirect(url_for(".agreement", secret=secret), 303)


def _agreement(secret: str) -> CardAgreement:
    return queries.agreement_for_link(secret) or abort(404)

"""« Versements des cartes »: what Stripe paid out, imported or typed, so that the account of cards clears."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.books import queries, service
from eventsapp.books.models import CardPayout
from eventsapp.books.values import Imported
from eventsapp.books.web.forms import PayoutForm, ReportForm
from eventsapp.core import clock, i18n
from eventsapp.core.errors import Refusal
from eventsapp.office import lists, refusals

blueprint = Blueprint("payouts_office", __name__, url_prefix="/organisation/comptabilite/versements")

#: Payments that are named when our journal does not have them.
_MOST_NAMED = 5


@blueprint.get("/")
@requires(Permission.PAYMENTS_RECORD)
def payouts() -> ResponseReturnValue:
    """List what was paid out."""
    today = clock.local_date(clock.now())
    return lists.answer(
        queries.payout_list(),
        template="books/office/payouts.html",
        row_url=lambda row: url_for(".payout", payout_id=row.CardPayout.id),
        today=today,
        balance=queries.card_balance(today),
    )


@blueprint.route("/enregistrer/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def record() -> ResponseReturnValue:
    """Type a payout."""
    form = PayoutForm(arrived_on=clock.local_date(clock.now()))
    if not form.validate_on_submit():
        return _page(form, ReportForm(formdata=None)), 422 if form.errors else 200
    try:
        row = service.record_payout(form.value(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(form, ReportForm(formdata=None)), refusal.status
    flash(_("Versement de %(amount)s enregistré.", amount=i18n.money(row.net_cents)), "success")
    return redirect(url_for(".payouts"), 303)


@blueprint.post("/importer/")
@requires(Permission.PAYMENTS_RECORD)
def import_report() -> ResponseReturnValue:
    """Take a report of Stripe's."""
    form = ReportForm()
    typed = PayoutForm(formdata=None, arrived_on=clock.local_date(clock.now()))
    if not form.validate_on_submit():
        return _page(typed, form), 422
    try:
        imported = service.import_report(form.data_of_file(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(typed, form), refusal.status
    _tell(imported)
    return redirect(url_for(".payouts"), 303)


@blueprint.get("/<int:payout_id>/")
@requires(Permission.PAYMENTS_RECORD)
def payout(payout_id: int) -> ResponseReturnValue:
    """Show a payout, and the way to take it back."""
    return render_template("books/office/payout.html", payout=_found(payout_id))


@blueprint.post("/<int:payout_id>/contre-passer/")
@requires(Permission.PAYMENTS_RECORD)
def reverse(payout_id: int) -> ResponseReturnValue:
    """Take a payout back by a row of its own."""
    try:
        service.reverse_payout(_found(payout_id), actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("Le versement est contre-passé, à la date d’aujourd’hui."), "success")
    return redirect(url_for(".payouts"), 303)


def _found(payout_id: int) -> CardPayout:
    return queries.payout(payout_id) or abort(404)


def _tell(imported: Imported) -> None:
    flash(
        _(
            "Versements nouveaux : %(new)s ; déjà connus : %(known)s ; opérations pas encore versées : %(waiting)s.",
            new=i18n.number(imported.new),
            known=i18n.number(imported.known),
            waiting=i18n.number(imported.waiting),
        ),
        "success",
    )
    if imported.strangers:
        told = ngettext(
            "%(num)d paiement de ce rapport n’est pas dans le journal : %(names)s. Voyez les alertes de paiement.",
            "%(num)d paiements de ce rapport ne sont pas dans le journal : %(names)s. Voyez les alertes de paiement.",
            len(imported.strangers),
            names=", ".join(imported.strangers[:_MOST_NAMED]),
        )
        flash(told, "warning")


def _page(form: PayoutForm, report: ReportForm) -> str:
    return render_template(
        "books/office/record_payout.html",
        form=form,
        report=report,
        balance=queries.card_balance(clock.local_date(clock.now())),
    )

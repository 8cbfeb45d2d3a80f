"""Promotional codes in the office: the list, one of them, and the orders that used it."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import lists, refusals
from eventsapp.promotions import queries, service
from eventsapp.promotions.models import PromoCode, Redemption
from eventsapp.promotions.web.forms import CodeForm, values_of

blueprint = Blueprint("promotions_office", __name__, url_prefix="/organisation/codes-promotionnels")


@blueprint.get("/")
@requires(Permission.PROMO_CODES_EDIT)
def codes() -> ResponseReturnValue:
    """List the codes."""
    return lists.answer(
        queries.code_list(today=clock.local_date(clock.now())),
        template="promotions/office/codes.html",
        row_url=lambda code: url_for(".code", code_id=code.id),
    )


@blueprint.route("/nouveau/", methods=["GET", "POST"])
@requires(Permission.PROMO_CODES_EDIT)
def new_code() -> ResponseReturnValue:
    """Write a code."""
    return _edit(None)


@blueprint.route("/<int:code_id>/", methods=["GET", "POST"])
@requires(Permission.PROMO_CODES_EDIT)
def code(code_id: int) -> ResponseReturnValue:
    """Change a code."""
    return _edit(queries.code_by_id(code_id) or abort(404))


@blueprint.get("/<int:code_id>/utilisations/")
@requires(Permission.PROMO_CODES_EDIT)
def uses(code_id: int) -> ResponseReturnValue:
    """List the orders that used a code."""
    found = queries.code_by_id(code_id) or abort(404)
    return lists.answer(
        queries.use_list(found),
        template="promotions/office/uses.html",
        row_url=_order_url if may(Permission.ORDERS_VIEW) else None,
        code=found,
    )


def _edit(found: PromoCode | None) -> ResponseReturnValue:
    form = CodeForm(**values_of(found))
    form.offer(queries.days_to_choose(found, now=clock.now()), queries.plans_to_choose())
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    try:
        saved = service.save_code(found, form.draft(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(found, form), refusal.status
    flash(_("Le code %(code)s est enregistré.", code=saved.code), "success")
    return redirect(url_for(".codes"), 303)


def _page(found: PromoCode | None, form: CodeForm) -> str:
    return render_template("promotions/office/code.html", code=found, form=form)


def _order_url(use: Redemption) -> str:
    return url_for("orders_office.order", reference=use.order.reference)

"""Subscribers and plans in the office."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock, french
from eventsapp.office import lists
from eventsapp.subscriptions import queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Audience, Edition
from eventsapp.subscriptions.values import PlanDraft
from eventsapp.subscriptions.web.forms import PlanForm

blueprint = Blueprint("subscriptions_office", __name__, url_prefix="/organisation")


@blueprint.get("/abonnes/")
@requires(Permission.SUBSCRIPTIONS_VIEW)
def contracts() -> ResponseReturnValue:
    """List the subscriptions."""
    return lists.answer(
        queries.contract_list(today=clock.local_date(clock.now())),
        row_url=_order_url if may(Permission.ORDERS_VIEW) else None,
        nav="subscriptions",
    )


@blueprint.get("/formules/")
@requires(Permission.PLANS_EDIT)
def plans() -> ResponseReturnValue:
    """List the plans."""
    return lists.answer(
        queries.plan_list(),
        template="subscriptions/office/plans.html",
        row_url=lambda plan: url_for(".plan", slug=plan.slug),
    )


@blueprint.route("/formules/nouvelle/", methods=["GET", "POST"])
@requires(Permission.PLANS_EDIT)
def new_plan() -> ResponseReturnValue:
    """Write a plan."""
    return _edit(None)


@blueprint.route("/formules/<slug>/", methods=["GET", "POST"])
@requires(Permission.PLANS_EDIT)
def plan(slug: str) -> ResponseReturnValue:
    """Change a plan."""
    return _edit(queries.any_plan(slug) or abort(404))


def _edit(plan: Plan | None) -> ResponseReturnValue:
    form = PlanForm(**_values(plan))
    if not form.validate_on_submit():
        return render_template("subscriptions/office/plan.html", plan=plan, form=form), 422 if form.errors else 200
    saved = subscriptions.save_plan(plan, form.draft(), actor=current_user, now=clock.now())
    flash(_("La formule « %(name)s » est enregistrée.", name=saved.name), "success")
    return redirect(url_for(".plans"), 303)


def _values(plan: Plan | None) -> dict[str, object]:
    if plan is None:
        return {
            "audience": Audience.INDIVIDUAL.value,
            "edition": Edition.BOTH.value,
            "months": 12,
            "readers": 1,
            "vat_rate": 210,
            "position": 1,
            "published": True,
        }
    values = {name: getattr(plan, name) for name in PlanDraft.__dataclass_fields__}
    return values | {"price": french.plain_amount(plan.price_cents)}


def _order_url(contract: Contract) -> str | None:
    if contract.order_line is None:
        return None
    return url_for("orders_office.order", reference=contract.order_line.order.reference)

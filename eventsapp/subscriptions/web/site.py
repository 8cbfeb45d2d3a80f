"""The plans on offer."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from eventsapp.core.page_cache import public_page
from eventsapp.payments import queries as payments
from eventsapp.subscriptions import queries

blueprint = Blueprint("subscriptions", __name__, url_prefix="/abonnements")


@blueprint.get("/")
@public_page("plans")
def plans() -> ResponseReturnValue:
    """Show every plan, its price, and how it is paid."""
    return render_template("subscriptions/plans.html", plans=queries.plans(), methods=payments.enabled_methods())


@blueprint.get("/<slug>/")
@public_page("plans")
def plan(slug: str) -> ResponseReturnValue:
    """Show one plan."""
    found = queries.plan(slug) or abort(404)
    return render_template("subscriptions/plan.html", plan=found, methods=payments.enabled_methods())

"""Plans, for programs."""

from datetime import date
from typing import Any

from eventsapp.api.web import taxes
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources
from eventsapp.api.web.shapes.plans import PlanList
from eventsapp.core import clock
from eventsapp.core.links import absolute
from eventsapp.core.page_cache import public_page
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.models import Plan
from eventsapp.vat import queries as vat
from eventsapp.vat import rules as vat_rules
from eventsapp.vat.values import Tariff

blueprint = Resources("api_plans", __name__, heading="Abonnements", description="Les formules d’abonnement.")


@blueprint.route("/plans")
@public_page("plans")
@refuses(blueprint)
@blueprint.response(200, PlanList, description="Les formules.")
@blueprint.doc(
    operationId="listPlans",
    summary="Lister les formules",
    description="Les formules proposées, dans leur ordre, sur une page.",
)
def plans() -> dict[str, Any]:
    """List the plans on offer."""
    tariff = vat.tariff()
    on = vat_rules.supplied_on(held_on=None, ordered_on=clock.local_date(clock.now()))
    items = [_plan(plan, tariff=tariff, on=on) for plan in queries.plans()]
    return {"items": items, "page": 1, "pages": 1, "total": len(items)}


def _plan(plan: Plan, *, tariff: Tariff, on: date) -> dict[str, Any]:
    return {
        "slug": plan.slug,
        "name": plan.local_name,
        "summary": plan.local_summary,
        "audience": plan.audience.value,
        "edition": plan.edition.value,
        "months": plan.months,
        "readers": plan.readers,
        "price_cents": plan.price_cents,
        **taxes.of_price(plan.components, price_cents=plan.price_cents, tariff=tariff, on=on),
        "needs_address": plan.needs_address,
        "copies": plan.copies if plan.needs_address else 0,
        "url": absolute("subscriptions.plan", slug=plan.slug),
    }

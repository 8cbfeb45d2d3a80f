"""Plans, for programs."""

from typing import Any

from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources
from eventsapp.api.web.shapes.plans import PlanList
from eventsapp.core.links import absolute
from eventsapp.core.page_cache import public_page
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.models import Plan

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
    items = [_plan(plan) for plan in queries.plans()]
    return {"items": items, "page": 1, "pages": 1, "total": len(items)}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "slug": plan.slug,
        "name": plan.local_name,
        "summary": plan.local_summary,
        "audience": plan.audience.value,
        "edition": plan.edition.value,
        "months": plan.months,
        "readers": plan.readers,
        "price_cents": plan.price_cents,
        "vat_rate": plan.vat_rate / 100,
        "needs_address": plan.needs_address,
        "url": absolute("subscriptions.plan", slug=plan.slug),
    }

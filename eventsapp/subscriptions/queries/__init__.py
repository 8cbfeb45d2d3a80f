"""Reading plans and contracts."""

from eventsapp.subscriptions.queries._contracts import (
    contracts_of,
    contracts_of_order,
    covered_seats,
    covers,
    has_active_contract,
    last_end,
)
from eventsapp.subscriptions.queries._list import contract_list, plan_list
from eventsapp.subscriptions.queries._plans import any_plan, cheapest_plan, plan, plans, plans_named

__all__ = [
    "any_plan",
    "cheapest_plan",
    "contract_list",
    "contracts_of",
    "contracts_of_order",
    "covered_seats",
    "covers",
    "has_active_contract",
    "last_end",
    "plan",
    "plan_list",
    "plans",
    "plans_named",
]

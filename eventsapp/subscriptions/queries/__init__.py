"""Reading plans, contracts, gifts and reminders."""

from eventsapp.subscriptions.queries._contracts import (
    contract,
    contract_for_link,
    contracts_of,
    contracts_of_order,
    covered_seats,
    covers,
    has_active_contract,
    is_renewed_elsewhere,
    last_end,
    last_of_plan,
    locked_contract,
    renewal_begun,
    renewal_of,
)
from eventsapp.subscriptions.queries._gifts import (
    announceable,
    gift_for_link,
    gift_of,
    gift_of_order,
    gifts_of,
    unanswered,
)
from eventsapp.subscriptions.queries._list import GIFT_WORDS, KIND_WORDS, STATUS_WORDS, contract_list, plan_list
from eventsapp.subscriptions.queries._plans import any_plan, cheapest_plan, plan, plans, plans_named
from eventsapp.subscriptions.queries._reminders import REMINDER_WORDS, remindable, reminders_of

__all__ = [
    "GIFT_WORDS",
    "KIND_WORDS",
    "REMINDER_WORDS",
    "STATUS_WORDS",
    "announceable",
    "any_plan",
    "cheapest_plan",
    "contract",
    "contract_for_link",
    "contract_list",
    "contracts_of",
    "contracts_of_order",
    "covered_seats",
    "covers",
    "gift_for_link",
    "gift_of",
    "gift_of_order",
    "gifts_of",
    "has_active_contract",
    "is_renewed_elsewhere",
    "last_end",
    "last_of_plan",
    "locked_contract",
    "plan",
    "plan_list",
    "plans",
    "plans_named",
    "remindable",
    "reminders_of",
    "renewal_begun",
    "renewal_of",
    "unanswered",
]

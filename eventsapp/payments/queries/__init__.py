"""Reading payment methods, payments and what Stripe told."""

from eventsapp.payments.queries._list import payment_list
from eventsapp.payments.queries._methods import (
    all_methods,
    enabled_method,
    enabled_methods,
    method,
    method_names,
    payment_details,
)
from eventsapp.payments.queries._payments import (
    card_sessions_of,
    event,
    open_card_sessions,
    payment_by_gateway_reference,
    payments_of,
    refunds_of,
)

__all__ = [
    "all_methods",
    "card_sessions_of",
    "enabled_method",
    "enabled_methods",
    "event",
    "method",
    "method_names",
    "open_card_sessions",
    "payment_by_gateway_reference",
    "payment_details",
    "payment_list",
    "payments_of",
    "refunds_of",
]

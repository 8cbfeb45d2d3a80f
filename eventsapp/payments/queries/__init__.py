"""Reading payment methods, payments, what Stripe told and the alerts about it."""

from eventsapp.payments.queries._alerts import alert, alert_list, alert_of_payment, alerted_orders
from eventsapp.payments.queries._list import payment_list
from eventsapp.payments.queries._methods import (
    all_methods,
    enabled_method,
    enabled_methods,
    method,
    method_names,
    payment_details,
    payment_instructions,
)
from eventsapp.payments.queries._payments import (
    card_session,
    card_sessions_of,
    event,
    has_payment,
    has_refund,
    open_card_sessions,
    payment_by_form_key,
    payment_by_gateway_reference,
    payments_of,
    refund_by_form_key,
    refunds_of,
    unanswered_pages,
)

__all__ = [
    "alert",
    "alert_list",
    "alert_of_payment",
    "alerted_orders",
    "all_methods",
    "card_session",
    "card_sessions_of",
    "enabled_method",
    "enabled_methods",
    "event",
    "has_payment",
    "has_refund",
    "method",
    "method_names",
    "open_card_sessions",
    "payment_by_form_key",
    "payment_by_gateway_reference",
    "payment_details",
    "payment_instructions",
    "payment_list",
    "payments_of",
    "refund_by_form_key",
    "refunds_of",
    "unanswered_pages",
]

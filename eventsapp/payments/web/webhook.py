"""Stripe's messages."""

import logging

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.payments import gateway, queries
from eventsapp.payments.errors import ForgedEvent
from eventsapp.payments.statuses import EventOutcome

blueprint = Blueprint("stripe", __name__, url_prefix="/paiement/stripe")

log = logging.getLogger(__name__)


@blueprint.post("/webhook")
def webhook() -> ResponseReturnValue:
    """Take a signed message, once: ask Stripe how the page, or what went back, stands now, then keep it.

    The network comes before the transaction. A failure answers 5xx, and Stripe tells it again.
    """
    try:
        event = gateway.read_event(request.get_data(), request.headers.get("Stripe-Signature", ""))
    except ForgedEvent:
        log.warning("a message that Stripe did not sign, from %s", request.remote_addr)
        raise
    payment, money_back = checkout.ask_about(event)
    outcome = checkout.take_event(event, payment, money_back=money_back, now=clock.now())
    if outcome is EventOutcome.REFUSED:
        kept = queries.event(event.event_id)
        log.error("event %s does not fit its order: %s", event.event_id, kept.detail if kept else "")
    return jsonify(outcome=outcome)

"""Stripe's messages."""

import logging

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from eventsapp.core import clock
from eventsapp.payments import gateway, service
from eventsapp.payments.errors import ForgedEvent

blueprint = Blueprint("stripe", __name__, url_prefix="/paiement/stripe")

log = logging.getLogger(__name__)


@blueprint.post("/webhook")
def webhook() -> ResponseReturnValue:
    """Keep a signed message, once; the worker deals with it. Nothing is asked of anybody while Stripe waits."""
    try:
        event = gateway.read_event(request.get_data(), request.headers.get("Stripe-Signature", ""))
    except ForgedEvent:
        log.warning("a message that Stripe did not sign, from %s", request.remote_addr)
        raise
    return jsonify(kept=service.keep_event(event, now=clock.now()))

"""Cards that are kept: charged while their holder is away, and forgotten with their customer."""

from collections.abc import Mapping
from typing import Any

from eventsapp.demo.sandbox import checkout, objects, rules
from eventsapp.demo.sandbox.cards import HOLDER_AWAY, Behaviour, TypedCard, known
from eventsapp.demo.sandbox.errors import CardDeclinedError, missing_resource
from eventsapp.demo.sandbox.sandbox import Cause, Sandbox
from eventsapp.demo.sandbox.store import Thing


def charge(sandbox: Sandbox, params: Mapping[str, Any], *, cause: Cause) -> Thing:
    """Charge a kept card and return its payment.

    Raises ``CardDeclinedError``, the refused payment kept with it, and ``ApiError`` where Stripe would not even try.
    """
    rules.require_charge(params)
    with sandbox.store.transaction():
        customer = sandbox.store.find("customer", params["customer"])
        if customer is None or customer.get("_deleted"):
            raise missing_resource("customer", params["customer"], param="customer", status=400)
        kept = sandbox.store.find("payment_method", params["payment_method"])
        if kept is None or kept["customer"] != customer["id"]:
            raise missing_resource("PaymentMethod", params["payment_method"], param="payment_method", status=400)
        intent = objects.later_intent(params, now=sandbox.clock.now())
        sandbox.record("payment_intent.created", intent, cause)
        return _tried(sandbox, intent, _holder(kept))


def forget(sandbox: Sandbox, customer_id: str) -> Thing:
    """Delete a customer with the cards kept for it; raise ``ApiError`` for one that is unknown."""
    with sandbox.store.transaction():
        customer = sandbox.store.find("customer", customer_id)
        if customer is None or customer.get("_deleted"):
            raise missing_resource("customer", customer_id)
        for kept in sandbox.store.newest_first("payment_method", lambda thing: thing["customer"] == customer_id):
            sandbox.store.put(kept | {"customer": None})
            sandbox.record("payment_method.detached", kept)
        sandbox.store.put(customer | {"_deleted": True})
        sandbox.record("customer.deleted", customer)
        return {"id": customer_id, "object": "customer", "deleted": True}


def _tried(sandbox: Sandbox, intent: Thing, holder: checkout.Buyer) -> Thing:
    card = holder.typed.card
    if card.behaviour is Behaviour.ACCEPTED:
        method_id = intent["payment_method"]
        charge = checkout.charged(sandbox, intent, holder)
        for thing in (intent, charge):
            thing["payment_method"] = method_id
        charge["customer"] = intent["customer"]
        sandbox.store.put(charge)
        sandbox.store.put(intent)
        sandbox.record("charge.succeeded", charge)
        sandbox.record("payment_intent.succeeded", intent)
        return intent
    code, decline_code, message = card.code or "", card.decline_code, card.message or ""
    if card.behaviour is Behaviour.CHALLENGED:
        code, decline_code, message = HOLDER_AWAY[0], HOLDER_AWAY[0], HOLDER_AWAY[1]
    refused = checkout.declined(sandbox, intent, holder, code, decline_code, message)
    raise CardDeclinedError(message, code=code, decline_code=decline_code, intent=objects.public(refused))


def _holder(kept: Thing) -> checkout.Buyer:
    number = kept["_number"]
    typed = TypedCard(
        known(number), number=number, exp_month=kept["card"]["exp_month"], exp_year=kept["card"]["exp_year"]
    )
    details = kept["billing_details"]
    return checkout.Buyer(email=details["email"], holder=details["name"], typed=typed)

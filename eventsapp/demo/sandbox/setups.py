"""A page without a payment (``mode=setup``): its card is kept for a customer, to be charged later."""

from typing import TYPE_CHECKING

from eventsapp.demo.sandbox import objects
from eventsapp.demo.sandbox.cards import TypedCard
from eventsapp.demo.sandbox.sandbox import Sandbox
from eventsapp.demo.sandbox.store import Thing

if TYPE_CHECKING:
    from eventsapp.demo.sandbox.checkout import Buyer


def refused(sandbox: Sandbox, intent: Thing, code: str, decline_code: str | None, message: str) -> Thing:
    """Have the bank refuse the card, and return what was to keep it."""
    error = {"code": code, "message": message, "type": "card_error"}
    if decline_code:
        error["decline_code"] = decline_code
    intent |= {"status": "requires_payment_method", "last_setup_error": error, "next_action": None}
    sandbox.store.put(intent)
    sandbox.record("setup_intent.setup_failed", intent)
    return intent


def kept(sandbox: Sandbox, session: Thing, intent: Thing, buyer: "Buyer") -> Thing:
    """Keep the card for the customer of the page, and complete that."""
    method = _method(buyer.typed, intent["customer"], email=buyer.email, holder=buyer.holder, now=sandbox.clock.now())
    intent |= {"status": "succeeded", "payment_method": method["id"], "next_action": None}
    session |= {"status": "complete", "url": None}
    for thing in (method, intent, session):
        sandbox.store.put(thing)
    sandbox.record("payment_method.attached", method)
    sandbox.record("setup_intent.succeeded", intent)
    sandbox.record("checkout.session.completed", session)
    return intent


def _method(typed: TypedCard, customer_id: str, *, email: str, holder: str, now: int) -> Thing:
    return objects.kept_card(
        typed, method_id=objects.new_id("pm_1"), customer_id=customer_id, email=email, holder=holder, now=now
    )

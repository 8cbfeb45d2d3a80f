"""Money that goes back: refunds by the API or in the dashboard, and disputes."""

from collections.abc import Mapping
from typing import Any

from eventsapp.demo.sandbox import earlier, objects, rules
from eventsapp.demo.sandbox.errors import ApiError, missing_resource
from eventsapp.demo.sandbox.sandbox import NO_CALL, Cause, Sandbox
from eventsapp.demo.sandbox.store import Thing


def refund(sandbox: Sandbox, params: Mapping[str, Any], *, cause: Cause = NO_CALL) -> Thing:
    """Refund a charge, whole or in part, and return the refund.

    ``params``: ``payment_intent`` or ``charge``, and ``amount`` in cents (all that is left when missing).
    Raises ``ApiError`` for more than is left, or a charge that is disputed.
    """
    rules.require_metadata(params.get("metadata"), "metadata")
    with sandbox.store.transaction():
        charge = _charge_meant(sandbox, params)
        amount = rules.require_refundable(charge, params.get("amount"))
        made = objects.refund(charge, amount=amount, params=params, now=sandbox.clock.now())
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        sandbox.store.put(made)
        sandbox.store.put(charge)
        sandbox.record("refund.created", made, cause)
        sandbox.record("charge.refunded", charge, cause)
        return made


def fail(sandbox: Sandbox, refund_id: str, *, reason: str = "expired_or_canceled_card") -> Thing:
    """Have the buyer's bank send a refund back, days later, and return the refund.

    Raises ``ApiError`` for one that is unknown, or failed before.
    """
    with sandbox.store.transaction():
        made = sandbox.store.find("refund", refund_id)
        if made is None:
            raise missing_resource("refund", refund_id)
        if made["status"] != "succeeded":
            raise ApiError(f"Refund {refund_id} has a status of `{made['status']}`.")
        charge = sandbox.store.find("charge", made["charge"])
        if charge is None:
            raise missing_resource("charge", made["charge"])
        made |= {"status": "failed", "failure_reason": reason}
        charge["amount_refunded"] -= made["amount"]
        charge["refunded"] = False
        sandbox.store.put(made)
        sandbox.store.put(charge)
        sandbox.record("refund.updated", made)
        sandbox.record("refund.failed", made)
        return made


def close_dispute(sandbox: Sandbox, dispute_id: str, *, won: bool) -> Thing:
    """Have the bank decide a dispute, and return it; raise ``ApiError`` for one that is unknown or decided."""
    with sandbox.store.transaction():
        made = sandbox.store.find("dispute", dispute_id)
        if made is None:
            raise missing_resource("dispute", dispute_id)
        if made["status"] in {"won", "lost"}:
            raise ApiError(f"Dispute {dispute_id} is closed already.")
        made["status"] = "won" if won else "lost"
        sandbox.store.put(made)
        sandbox.record("charge.dispute.closed", made)
        return made


def dispute(sandbox: Sandbox, params: Mapping[str, Any]) -> Thing:
    """Have the card's holder contest a charge, and return the dispute.

    ``params``: ``payment_intent`` or ``charge``, ``amount`` in cents (what was not refunded when missing), ``reason``.
    Raises ``ApiError`` for a charge already disputed.
    """
    with sandbox.store.transaction():
        charge = _charge_meant(sandbox, params)
        if charge["disputed"]:
            raise ApiError(f"Charge {charge['id']} is already disputed.", code="charge_disputed")
        left = charge["amount"] - charge["amount_refunded"]
        amount = params.get("amount", left)
        if not 0 < amount <= left:
            raise ApiError("Invalid amount", param="amount")
        made = objects.dispute(
            charge, amount=amount, reason=params.get("reason", "fraudulent"), now=sandbox.clock.now()
        )
        charge["disputed"] = True
        sandbox.store.put(made)
        sandbox.store.put(charge)
        sandbox.record("charge.dispute.created", made)
        return made


def _charge_meant(sandbox: Sandbox, params: Mapping[str, Any]) -> Thing:
    """Return the successful charge that ``payment_intent`` or ``charge`` names."""
    charge_id = params.get("charge")
    if "payment_intent" in params:
        intent = earlier.payment(sandbox, params["payment_intent"])
        if intent is None:
            raise missing_resource("payment_intent", params["payment_intent"], param="payment_intent")
        charge_id = charge_id or intent["latest_charge"]
        if intent["status"] != "succeeded" or charge_id != intent["latest_charge"]:
            raise ApiError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    if charge_id is None:
        raise ApiError(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    charge = sandbox.store.find("charge", charge_id)
    if charge is None:
        raise missing_resource("charge", charge_id, param="charge")
    if charge["status"] != "succeeded":
        raise ApiError(f"Charge {charge_id} did not succeed: there is nothing to give back.")
    return charge

"""How the sandbox writes Stripe's objects: every field the API always sends, null where nothing is to say."""

import secrets
import string
from collections.abc import Mapping
from typing import Any, get_args

import stripe

from eventsapp.demo.sandbox.cards import TypedCard
from eventsapp.demo.sandbox.rules import LONGEST_SESSION_SECONDS, unit_cents
from eventsapp.demo.sandbox.store import Thing

_ALPHABET = string.ascii_letters + string.digits

#: Fields Stripe sends only when asked to expand them, or never of an object that exists.
_ON_DEMAND = frozenset({"line_items", "refunds", "deleted"})
_ADDRESS_NULLS = ("city", "country", "line1", "line2", "postal_code", "state")


def new_id(prefix: str, length: int = 24) -> str:
    """Return a random id such as ``pi_3Kx…``: unguessable, like Stripe's."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def nulls(resource: type) -> Thing:
    """Return every field that may be null of an SDK's class such as ``stripe.Charge``, as null."""
    return {
        name: None
        for name, hint in resource.__annotations__.items()
        if type(None) in get_args(hint) and name not in _ON_DEMAND
    }


def public(thing: Thing) -> Thing:
    """Return what the API may show of the object."""
    return {name: value for name, value in thing.items() if not name.startswith("_")}


def session(params: Mapping[str, Any], *, base_url: str, now: int) -> Thing:
    """Return an open session made of checked parameters; ``base_url`` is where its payment page is."""
    session_id = new_id("cs_test_", 58)
    keeps_only = params["mode"] == "setup"
    line_items = [_line_item(item, now=now) for item in params.get("line_items", [])]
    total = None if keeps_only else sum(item["amount_total"] for item in line_items)
    unset = nulls(stripe.checkout.Session)
    return unset | {
        **{name: value for name, value in params.items() if name in unset},
        "id": session_id,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": now,
        "currency": None if keeps_only else line_items[0]["currency"],
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": None if "customer" in params else params.get("customer_creation", "if_required"),
        "expires_at": params.get("expires_at", now + LONGEST_SESSION_SECONDS),
        "livemode": False,
        "metadata": _kept(params.get("metadata")),
        "mode": params["mode"],
        "payment_method_collection": "always" if keeps_only else "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "no_payment_required" if keeps_only else "unpaid",
        "phone_number_collection": {"enabled": False},
        "redirect_on_completion": None,
        "shipping_options": [],
        "status": "open",
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{base_url}/c/pay/{session_id}",
        "_line_items": line_items,
        "_payment_intent_data": params.get("payment_intent_data", {}),
    }


def setup_intent(checkout_session: Thing, *, now: int) -> Thing:
    """Return what keeps the card of a page without a payment, before its first attempt."""
    intent_id = new_id("seti_1")
    return nulls(stripe.SetupIntent) | {
        "id": intent_id,
        "object": "setup_intent",
        "client_secret": f"{intent_id}_secret_{new_id('')}",
        "created": now,
        "customer": checkout_session["customer"],
        "livemode": False,
        "metadata": {},
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "usage": "off_session",
    }


def payment_intent(checkout_session: Thing, *, now: int) -> Thing:
    """Return the payment of a session, before its first attempt."""
    intent_id = new_id("pi_3")
    data = dict(checkout_session["_payment_intent_data"])
    return (
        nulls(stripe.PaymentIntent)
        | data
        | {
            "id": intent_id,
            "object": "payment_intent",
            "amount": checkout_session["amount_total"],
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "automatic_payment_methods": None,
            "capture_method": data.get("capture_method", "automatic_async"),
            "client_secret": f"{intent_id}_secret_{new_id('')}",
            "confirmation_method": "automatic",
            "created": now,
            "currency": checkout_session["currency"],
            "livemode": False,
            "metadata": _kept(data.get("metadata")),
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
            "payment_method_types": ["card"],
            "status": "requires_payment_method",
        }
    )


def later_intent(params: Mapping[str, Any], *, now: int) -> Thing:
    """Return the payment of a card that is charged while nobody is there, before its attempt."""
    of_charge = {"amount_total": params["amount"], "currency": params["currency"]}
    data = {name: params[name] for name in ("description", "metadata") if name in params}
    return payment_intent(of_charge | {"_payment_intent_data": data}, now=now) | {
        "customer": params["customer"],
        "payment_method": params["payment_method"],
    }


def customer(*, email: str, name: str, now: int) -> Thing:
    """Return whom a card is kept for."""
    return nulls(stripe.Customer) | {
        "id": new_id("cus_", 14),
        "object": "customer",
        "created": now,
        "email": email,
        "invoice_settings": dict.fromkeys(("custom_fields", "default_payment_method", "footer", "rendering_options")),
        "livemode": False,
        "metadata": {},
        "name": name,
    }


def _billed_to(email: str, holder: str) -> Thing:
    return {
        "address": dict.fromkeys(_ADDRESS_NULLS),
        "email": email,
        "name": holder,
        "phone": None,
        "tax_id": None,
    }


def kept_card(typed: TypedCard, *, method_id: str, customer_id: str, email: str, holder: str, now: int) -> Thing:
    """Return a card that is kept for a customer."""
    return {
        "id": method_id,
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": _billed_to(email, holder),
        "card": {
            "brand": "visa",
            "exp_month": typed.exp_month,
            "exp_year": typed.exp_year,
            "last4": typed.number[-4:],
        },
        "created": now,
        "customer": customer_id,
        "livemode": False,
        "metadata": {},
        "type": "card",
        "_number": typed.number,
    }


def charge(intent: Thing, typed: TypedCard, *, email: str, holder: str, three_d_secure: bool, now: int) -> Thing:
    """Return the charge of one successful attempt; see ``failed`` for the others."""
    return nulls(stripe.Charge) | {
        "id": new_id("ch_3"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "amount_refunded": 0,
        "billing_details": _billed_to(email, holder),
        "captured": True,
        "created": now,
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm_1"),
        "payment_method_details": {"card": _card(typed, three_d_secure=three_d_secure), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "status": "succeeded",
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "transfer_group": intent["transfer_group"],
    }


def failed(attempt: Thing, *, code: str, decline_code: str | None, message: str) -> Thing:
    """Return the charge as one the bank declined."""
    return attempt | {
        "amount_captured": 0,
        "captured": False,
        "failure_code": code,
        "failure_message": message,
        "outcome": attempt["outcome"]
        | {
            "network_status": "declined_by_network",
            "reason": decline_code,
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        },
        "paid": False,
        "status": "failed",
    }


def refund(of: Thing, *, amount: int, params: Mapping[str, Any], now: int) -> Thing:
    """Return a refund of ``amount`` cents of the charge ``of``."""
    return nulls(stripe.Refund) | {
        "id": new_id("re_3"),
        "object": "refund",
        "amount": amount,
        "charge": of["id"],
        "created": now,
        "currency": of["currency"],
        "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card",
        },
        "metadata": _kept(params.get("metadata")),
        "payment_intent": of["payment_intent"],
        "payment_method": of["payment_method"],
        "reason": params.get("reason"),
        "status": "succeeded",
    }


def dispute(of: Thing, *, amount: int, reason: str, now: int) -> Thing:
    """Return a dispute of ``amount`` cents of the charge ``of``, waiting for the seller's answer."""
    card = of["payment_method_details"]["card"]
    return {
        "id": new_id("du_1"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": of["id"],
        "created": now,
        "currency": of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 7 * 24 * 60 * 60,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": card["brand"],
                "case_type": "chargeback",
                "network": card["network"],
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }


def event(kind: str, about: Thing, *, request_id: str | None, idempotency_key: str | None, now: int) -> Thing:
    """Return the event that tells of ``about`` as it is now."""
    return {
        "id": new_id("evt_1"),
        "object": "event",
        "api_version": stripe.api_version,
        "created": now,
        "data": {"object": public(about)},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": request_id, "idempotency_key": idempotency_key},
        "type": kind,
    }


def _line_item(item: Mapping[str, Any], *, now: int) -> Thing:
    price, quantity = item["price_data"], item["quantity"]
    amount = unit_cents(price) * quantity
    return {
        "id": new_id("li_1"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": _kept(item.get("metadata")),
        "price": {
            "id": new_id("price_1"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": now,
            "currency": price["currency"],
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": new_id("prod_", 14),
            "recurring": None,
            "tax_behavior": price.get("tax_behavior", "unspecified"),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": unit_cents(price),
            "unit_amount_decimal": str(unit_cents(price)),
        },
        "quantity": quantity,
        "_details": price["product_data"].get("description"),
    }


def _card(typed: TypedCard, *, three_d_secure: bool) -> Thing:
    return {
        "amount_authorized": None,
        "authorization_code": None,
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "FR",
        "exp_month": typed.exp_month,
        "exp_year": typed.exp_year,
        "fingerprint": new_id("", 16),
        "funding": "credit",
        "installments": None,
        "last4": typed.number[-4:],
        "mandate": None,
        "network": "visa",
        "network_token": {"used": False},
        "network_transaction_id": None,
        "regulated_status": "unregulated",
        "three_d_secure": (
            {
                "authentication_flow": "challenge",
                "electronic_commerce_indicator": "05",
                "exemption_indicator": None,
                "result": "authenticated",
                "result_reason": None,
                "transaction_id": new_id("", 16),
                "version": "2.2.0",
            }
            if three_d_secure
            else None
        ),
        "wallet": None,
    }


def _kept(metadata: Mapping[str, str] | str | None) -> dict[str, str]:
    """Return the metadata without what an empty text unsets."""
    if not metadata or isinstance(metadata, str):
        return {}
    return {key: value for key, value in metadata.items() if value != ""}

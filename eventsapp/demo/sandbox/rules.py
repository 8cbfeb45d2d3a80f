"""What Stripe refuses about well-formed parameters: amounts, delays, addresses, and what this sandbox cannot do."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from eventsapp.demo.sandbox.errors import ApiError, missing_resource

#: The currencies of the sandbox, each with the least Stripe charges, in cents.
LEAST_CENTS: Mapping[str, int] = {"eur": 50, "usd": 50, "chf": 50, "gbp": 30}
MOST_CENTS = 99_999_999
SHORTEST_SESSION_SECONDS = 30 * 60
LONGEST_SESSION_SECONDS = 24 * 60 * 60

#: Parameters of a new session that the sandbox honours, or that change nothing it shows.
HONOURED = frozenset(
    {
        "allowed_payment_method_types",
        "billing_address_collection",
        "branding_settings",
        "cancel_url",
        "client_reference_id",
        "customer",
        "customer_creation",
        "customer_email",
        "expand",
        "expires_at",
        "integration_identifier",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "origin_context",
        "payment_intent_data",
        "submit_type",
        "success_url",
        "ui_mode",
    }
)
HONOURED_OF_INTENT = frozenset(
    {
        "capture_method",
        "description",
        "metadata",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor_suffix",
        "transfer_group",
    }
)
#: Parameters of a charge without a page.
HONOURED_OF_CHARGE = frozenset(
    {
        "allowed_payment_method_types",
        "amount",
        "confirm",
        "currency",
        "customer",
        "description",
        "expand",
        "metadata",
        "off_session",
        "payment_method",
    }
)
#: Known words of Stripe that ask for something the sandbox does not do.
_ONLY: Mapping[str, list[Any]] = {
    "mode": ["payment", "setup"],
    "ui_mode": ["hosted_page"],
    "capture_method": ["automatic", "automatic_async"],
    "setup_future_usage": ["off_session"],
    "confirm": [True],
    "off_session": [True],
}

_EMAIL = re.compile(r"[^@\s<>(),;:\"\[\]\\]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)


def is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def require_session(params: Mapping[str, Any], *, now: int) -> None:
    """Raise ``ApiError`` unless a session may be opened with these parameters."""
    _require_honoured(params, HONOURED)
    _require_honoured(params.get("payment_intent_data", {}), HONOURED_OF_INTENT, prefix="payment_intent_data")
    if "mode" not in params:
        raise ApiError("Missing required param: mode.", code="parameter_missing", param="mode")
    if "success_url" not in params:
        raise ApiError("Missing required param: success_url.", code="parameter_missing", param="success_url")
    for name in ("success_url", "cancel_url"):
        if name in params:
            _require_url(params[name], name)
    _require_buyer(params)
    if "card" not in params.get("allowed_payment_method_types", ["card"]):
        raise ApiError("The sandbox only takes cards.", param="allowed_payment_method_types")
    if len(params.get("client_reference_id", "")) > 200:
        raise ApiError("Invalid string: must be at most 200 characters", param="client_reference_id")
    require_metadata(params.get("metadata"), "metadata")
    require_metadata(params.get("payment_intent_data", {}).get("metadata"), "payment_intent_data[metadata]")
    if "expires_at" in params:
        _require_lifetime(params["expires_at"] - now)
    if params["mode"] == "setup":
        _require_setup(params)
    else:
        _require_line_items(params.get("line_items", []))


def _require_setup(params: Mapping[str, Any]) -> None:
    for name in ("customer_creation", "line_items", "payment_intent_data", "submit_type"):
        if name in params:
            raise ApiError(f"You can not pass `{name}` in `setup` mode.", param=name)
    if "customer" not in params:
        raise ApiError("The sandbox keeps cards for a customer only, although Stripe does not.", param="customer")


def _require_buyer(params: Mapping[str, Any]) -> None:
    for name in ("customer_email", "customer_creation"):
        if "customer" in params and name in params:
            raise ApiError(f"You may only specify one of these parameters: customer, {name}.", param=name)
    if "customer_email" in params and not is_email(params["customer_email"]):
        raise ApiError(
            f"Invalid email address: {params['customer_email']}", code="email_invalid", param="customer_email"
        )


def require_charge(params: Mapping[str, Any]) -> None:
    """Raise ``ApiError`` unless a card may be charged with these parameters while nobody is there."""
    _require_honoured(params, HONOURED_OF_CHARGE)
    for name in ("amount", "confirm", "currency", "customer", "off_session", "payment_method"):
        if name not in params:
            raise ApiError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    if params["currency"] not in LEAST_CENTS:
        raise ApiError(f"Invalid currency: {params['currency']}.", param="currency")
    if not LEAST_CENTS[params["currency"]] <= params["amount"] <= MOST_CENTS:
        raise ApiError("Amount out of bounds.", code="amount_too_small", param="amount")
    require_metadata(params.get("metadata"), "metadata")


def require_metadata(metadata: Any, name: str) -> None:
    """Raise ``ApiError`` beyond Stripe's limits: 50 keys of 40 characters, values of 500."""
    if not metadata:
        return
    if len(metadata) > 50:
        raise ApiError("Metadata can have at most 50 keys.", param=name)
    for key, value in metadata.items():
        if len(key) > 40:
            raise ApiError("Metadata keys can have at most 40 characters.", param=f"{name}[{key}]")
        if len(value) > 500:
            raise ApiError("Metadata values can have at most 500 characters.", param=f"{name}[{key}]")


def require_refundable(charge: Mapping[str, Any], amount: int | None) -> int:
    """Return the cents to give back, all that is left when ``amount`` is ``None``; raise ``ApiError``."""
    if charge["disputed"]:
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    left: int = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    cents = left if amount is None else amount
    if cents < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if cents > left:
        raise ApiError(
            f"Refund amount ({cents} cents) is greater than unrefunded amount on charge ({left} cents)",
            param="amount",
        )
    return cents


def unit_cents(price: Mapping[str, Any]) -> int:
    """Return the unit amount of a checked ``price_data``, in cents."""
    return int(price["unit_amount"] if "unit_amount" in price else price["unit_amount_decimal"])


def _require_honoured(params: Mapping[str, Any], honoured: frozenset[str], *, prefix: str = "") -> None:
    for name, value in params.items():
        full = f"{prefix}[{name}]" if prefix else name
        if name not in honoured and not _asks_nothing(value):
            raise ApiError(f"The sandbox does not do {full}, although Stripe does.", param=full)
        if name in _ONLY and value not in _ONLY[name]:
            raise ApiError(f"The sandbox does not do {full}={value}, although Stripe does.", param=full)


def _asks_nothing(value: Any) -> bool:
    """Say whether the parameter only turns something off: ``False``, ``{"enabled": False}``."""
    return value is False or (isinstance(value, dict) and set(value.items()) == {("enabled", False)})


def _require_url(text: str, name: str) -> None:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\x00-\x1f]", text):
        raise ApiError("Not a valid URL", code="url_invalid", param=name)


def _require_lifetime(seconds: int) -> None:
    if seconds < SHORTEST_SESSION_SECONDS:
        raise ApiError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if seconds > LONGEST_SESSION_SECONDS:
        raise ApiError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )


def _require_line_items(line_items: list[dict[str, Any]]) -> None:
    if not line_items:
        raise ApiError("You must provide line_items in payment mode.", code="parameter_missing", param="line_items")
    if len(line_items) > 100:
        raise ApiError("A session has at most 100 line items.", param="line_items")
    for rank, item in enumerate(line_items):
        _require_line_item(item, f"line_items[{rank}]")
    currencies = {item["price_data"]["currency"] for item in line_items}
    if len(currencies) > 1:
        raise ApiError("All line items must have the same currency.", param="line_items")
    (currency,) = currencies
    total = sum(unit_cents(item["price_data"]) * item["quantity"] for item in line_items)
    if total < LEAST_CENTS[currency]:
        raise ApiError(
            f"The total amount must be at least {LEAST_CENTS[currency]} cents ({currency}).", code="amount_too_small"
        )
    if total > MOST_CENTS:
        raise ApiError(f"The total amount must be at most {MOST_CENTS} cents.", code="amount_too_large")


def _require_line_item(item: dict[str, Any], name: str) -> None:
    for unknown in ("adjustable_quantity", "tax_rates"):
        if unknown in item and not _asks_nothing(item[unknown]):
            raise ApiError(
                f"The sandbox does not do {name}[{unknown}], although Stripe does.", param=f"{name}[{unknown}]"
            )
    if "price" in item:
        raise missing_resource("price", item["price"], param=f"{name}[price]", status=400)
    if "price_data" not in item:
        raise ApiError(f"{name} needs price_data.", code="parameter_missing", param=f"{name}[price_data]")
    if item.get("quantity") is None:
        raise ApiError(f"Quantity is required in {name}.", code="parameter_missing", param=f"{name}[quantity]")
    if item["quantity"] < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param=f"{name}[quantity]")
    require_metadata(item.get("metadata"), f"{name}[metadata]")
    _require_price(item["price_data"], f"{name}[price_data]")


def _require_price(price: dict[str, Any], name: str) -> None:
    if price["currency"] not in LEAST_CENTS:
        raise ApiError(
            f"Invalid currency: {price['currency']}. The sandbox has {', '.join(LEAST_CENTS)}.",
            param=f"{name}[currency]",
        )
    if "recurring" in price:
        raise ApiError("You can only use recurring prices in subscription mode.", param=f"{name}[recurring]")
    if "product" in price:
        raise missing_resource("product", price["product"], param=f"{name}[product]", status=400)
    if "product_data" not in price:
        raise ApiError(f"{name} needs product_data.", code="parameter_missing", param=f"{name}[product_data]")
    given = [amount for amount in ("unit_amount", "unit_amount_decimal") if amount in price]
    if len(given) != 1:
        raise ApiError(f"{name} needs either unit_amount or unit_amount_decimal.", param=f"{name}[unit_amount]")
    if price[given[0]] < 0 or price[given[0]] != int(Decimal(price[given[0]])):
        raise ApiError("Invalid non-negative integer", code="parameter_invalid_integer", param=f"{name}[{given[0]}]")

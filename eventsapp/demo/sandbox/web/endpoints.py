"""The part of Stripe's API that is spoken here: each address with its parameters and what answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stripe import params as stripe_params
from stripe.params import checkout as checkout_params

from eventsapp.demo.sandbox import checkout, later, listing, refunds
from eventsapp.demo.sandbox.errors import ApiError, missing_resource
from eventsapp.demo.sandbox.sandbox import Cause, Sandbox
from eventsapp.demo.sandbox.store import Thing


@dataclass(frozen=True)
class Call:
    """One call: its checked parameters, the object named in its address, where this server is."""

    sandbox: Sandbox
    params: Mapping[str, Any]
    object_id: str
    base_url: str
    path: str
    cause: Cause


@dataclass(frozen=True)
class Endpoint:
    """``params`` is the SDK's class of the parameters taken."""

    method: str
    path: str
    params: type
    answer: Callable[[Call], Thing]


def _create_session(call: Call) -> Thing:
    return _shown(call, checkout.open_session(call.sandbox, call.params, base_url=call.base_url))


def _expire_session(call: Call) -> Thing:
    return _shown(call, checkout.expire(call.sandbox, call.object_id, cause=call.cause))


def _session_lines(call: Call) -> Thing:
    return listing.whole(listing.line_items(_found(call, "checkout.session")), call.path)


def _list_sessions(call: Call) -> Thing:
    _refuse_customers(call)
    for name in ("payment_link", "subscription", "customer_details"):
        if name in call.params:
            raise ApiError(f"The sandbox does not filter by {name}, although Stripe does.", param=name)
    return _listed(call, "checkout.session", "payment_intent", "status")


def _list_intents(call: Call) -> Thing:
    return _listed(call, "payment_intent", "customer")


def _charge_card(call: Call) -> Thing:
    return _shown(call, later.charge(call.sandbox, call.params, cause=call.cause))


def _retrieve_customer(call: Call) -> Thing:
    found = _found(call, "customer")
    if found.get("_deleted"):
        return {"id": found["id"], "object": "customer", "deleted": True}
    return _shown(call, found)


def _delete_customer(call: Call) -> Thing:
    return later.forget(call.sandbox, call.object_id)


def _create_refund(call: Call) -> Thing:
    _refuse_customers(call)
    for name in ("origin", "refund_application_fee", "reverse_transfer", "currency", "instructions_email"):
        if name in call.params:
            raise ApiError(f"The sandbox does not do {name}, although Stripe does.", param=name)
    return _shown(call, refunds.refund(call.sandbox, call.params, cause=call.cause))


def _retrieve_event(call: Call) -> Thing:
    return _with_pending_webhooks(call.sandbox, _found(call, "event"))


def _list_events(call: Call) -> Thing:
    if "type" in call.params and "types" in call.params:
        raise ApiError("You may only specify one of type and types.", param="types")
    kinds = call.params.get("types") or [call.params.get("type", "*")]
    delivered = call.params.get("delivery_success")
    undelivered = _undelivered(call.sandbox)

    def asked_for(event: Thing) -> bool:
        named = any(
            event["type"].startswith(kind[:-1]) if kind.endswith("*") else event["type"] == kind for kind in kinds
        )
        return named and delivered in {None, event["id"] not in undelivered}

    page = listing.page(call.sandbox.store, "event", call.params, url=call.path, keep=asked_for)
    page["data"] = [event | {"pending_webhooks": undelivered.get(event["id"], 0)} for event in page["data"]]
    return page


def _balance(call: Call) -> Thing:
    charges = call.sandbox.store.newest_first("charge", lambda charge: bool(charge["paid"]))
    cents: dict[str, int] = {"eur": 0}
    for charge in charges:
        cents[charge["currency"]] = (
            cents.get(charge["currency"], 0) + charge["amount_captured"] - charge["amount_refunded"]
        )
    return {
        "object": "balance",
        "available": [{"amount": 0, "currency": currency, "source_types": {"card": 0}} for currency in cents],
        "livemode": False,
        "pending": [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in cents.items()
        ],
    }


def _retrieve(kind: str) -> Callable[[Call], Thing]:
    return lambda call: _shown(call, _found(call, kind))


def _list(kind: str, *filters: str) -> Callable[[Call], Thing]:
    return lambda call: _listed(call, kind, *filters)


ENDPOINTS = (
    Endpoint("POST", "checkout/sessions", checkout_params.SessionCreateParams, _create_session),
    Endpoint("GET", "checkout/sessions", checkout_params.SessionListParams, _list_sessions),
    Endpoint(
        "GET",
        "checkout/sessions/<object_id>",
        checkout_params.SessionRetrieveParams,
        _retrieve("checkout.session"),
    ),
    Endpoint("POST", "checkout/sessions/<object_id>/expire", checkout_params.SessionExpireParams, _expire_session),
    Endpoint(
        "GET",
        "checkout/sessions/<object_id>/line_items",
        checkout_params.SessionLineItemListParams,
        _session_lines,
    ),
    Endpoint("GET", "payment_intents", stripe_params.PaymentIntentListParams, _list_intents),
    Endpoint(
        "GET",
        "payment_intents/<object_id>",
        stripe_params.PaymentIntentRetrieveParams,
        _retrieve("payment_intent"),
    ),
    Endpoint("POST", "payment_intents", stripe_params.PaymentIntentCreateParams, _charge_card),
    Endpoint("GET", "customers/<object_id>", stripe_params.CustomerRetrieveParams, _retrieve_customer),
    Endpoint("DELETE", "customers/<object_id>", stripe_params.CustomerDeleteParams, _delete_customer),
    Endpoint(
        "GET",
        "payment_methods/<object_id>",
        stripe_params.PaymentMethodRetrieveParams,
        _retrieve("payment_method"),
    ),
    Endpoint("GET", "charges/<object_id>", stripe_params.ChargeRetrieveParams, _retrieve("charge")),
    Endpoint("POST", "refunds", stripe_params.RefundCreateParams, _create_refund),
    Endpoint("GET", "refunds", stripe_params.RefundListParams, _list("refund", "charge", "payment_intent")),
    Endpoint("GET", "refunds/<object_id>", stripe_params.RefundRetrieveParams, _retrieve("refund")),
    Endpoint("GET", "disputes", stripe_params.DisputeListParams, _list("dispute", "charge", "payment_intent")),
    Endpoint("GET", "disputes/<object_id>", stripe_params.DisputeRetrieveParams, _retrieve("dispute")),
    Endpoint("GET", "events", stripe_params.EventListParams, _list_events),
    Endpoint("GET", "events/<object_id>", stripe_params.EventRetrieveParams, _retrieve_event),
    Endpoint("GET", "balance", stripe_params.BalanceRetrieveParams, _balance),
)


def _found(call: Call, kind: str) -> Thing:
    thing = call.sandbox.store.find(kind, call.object_id)
    if thing is None:
        raise missing_resource(kind, call.object_id)
    return thing


def _shown(call: Call, thing: Thing) -> Thing:
    return listing.shown_with(call.sandbox.store, thing, call.params.get("expand", []))


def _listed(call: Call, kind: str, *filters: str) -> Thing:
    wanted = {name: call.params[name] for name in filters if name in call.params}
    return listing.page(
        call.sandbox.store,
        kind,
        call.params,
        url=call.path,
        keep=lambda thing: all(thing[name] == value for name, value in wanted.items()),
    )


def _refuse_customers(call: Call) -> None:
    for name in ("customer", "customer_account"):
        if name in call.params:
            raise missing_resource("customer", call.params[name], param=name, status=400)


def _with_pending_webhooks(sandbox: Sandbox, event: Thing) -> Thing:
    return event | {"pending_webhooks": _undelivered(sandbox).get(event["id"], 0)}


def _undelivered(sandbox: Sandbox) -> dict[str, int]:
    """Return how many deliveries of each event are still to come, or were given up."""
    counts: dict[str, int] = {}
    for delivery in sandbox.store.newest_first("delivery", lambda thing: thing["status"] in {"pending", "failed"}):
        counts[delivery["event"]] = counts.get(delivery["event"], 0) + 1
    return counts

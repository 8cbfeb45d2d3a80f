"""What can happen to a session: opened, paid, declined, challenged, expired."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eventsapp.demo.sandbox import objects, rules, setups
from eventsapp.demo.sandbox.cards import REFUSED_CHALLENGE, Behaviour, TestCard, TypedCard
from eventsapp.demo.sandbox.errors import ApiError, SessionClosedError, missing_resource
from eventsapp.demo.sandbox.sandbox import NO_CALL, Cause, Sandbox
from eventsapp.demo.sandbox.store import Thing


@dataclass(frozen=True)
class Buyer:
    """Who pays, with which card."""

    email: str
    holder: str
    typed: TypedCard


def open_session(sandbox: Sandbox, params: Mapping[str, Any], *, base_url: str) -> Thing:
    """Return a new session; raise ``ApiError`` where Stripe would refuse it. Stripe sends no event for it."""
    now = sandbox.clock.now()
    rules.require_session(params, now=now)
    if "customer" in params:
        _require_customer(sandbox, params["customer"])
    session = objects.session(params, base_url=base_url, now=now)
    sandbox.store.put(session)
    return session


def _require_customer(sandbox: Sandbox, customer_id: str) -> None:
    found = sandbox.store.find("customer", customer_id)
    if found is None or found.get("_deleted"):
        raise missing_resource("customer", customer_id, param="customer", status=400)


def expire(sandbox: Sandbox, session_id: str, *, cause: Cause) -> Thing:
    """Close an open session before its time; raise ``ApiError`` for one that is complete or expired."""
    with sandbox.store.transaction():
        session = sandbox.store.find("checkout.session", session_id)
        if session is None:
            raise missing_resource("checkout.session", session_id, param="session")
        if session["status"] != "open":
            raise ApiError(
                'Only Checkout Sessions with a status in ["open"] can be expired.'
                f" This Checkout Session has a status of `{session['status']}`."
            )
        return _expired(sandbox, session, cause)


def expire_overdue(sandbox: Sandbox) -> None:
    """Close the open sessions whose time is up."""
    now = sandbox.clock.now()
    with sandbox.store.transaction():
        for session in sandbox.store.newest_first(
            "checkout.session", lambda thing: thing["status"] == "open" and thing["expires_at"] <= now
        ):
            _expired(sandbox, session, NO_CALL)


def pay(sandbox: Sandbox, session_id: str, buyer: Buyer) -> Thing:
    """Try to pay the session and return its payment.

    The payment's ``status`` says the outcome: ``succeeded``, ``requires_action`` (the buyer must answer the
    bank's challenge) or ``requires_payment_method`` (declined, ``last_payment_error`` says why).
    Raises ``SessionClosedError``.
    """
    with sandbox.store.transaction():
        session = _open_session(sandbox, session_id)
        intent = _intent_of(sandbox, session)
        intent["_buyer"] = _noted(buyer)
        card = buyer.typed.card
        if session["mode"] == "setup":
            return _set_up(sandbox, session, intent, buyer)
        intent["last_payment_error"] = None
        if card.behaviour is Behaviour.CHALLENGED:
            return _challenged(sandbox, session, intent)
        if card.behaviour is Behaviour.DECLINED:
            return declined(sandbox, intent, buyer, card.code or "", card.decline_code, card.message or "")
        return _paid(sandbox, session, intent, buyer, three_d_secure=False)


def answer_challenge(sandbox: Sandbox, session_id: str, *, accepted: bool) -> Thing:
    """Answer the bank's challenge in the buyer's stead and return the payment; see ``pay`` for its status.

    Raises ``SessionClosedError``. Without a challenge under way nothing happens.
    """
    with sandbox.store.transaction():
        session = _open_session(sandbox, session_id)
        intent = _intent_of(sandbox, session)
        if intent["status"] != "requires_action":
            return intent
        buyer = _recalled(intent["_buyer"])
        intent["next_action"] = None
        if session["mode"] == "setup" and accepted:
            return setups.kept(sandbox, session, intent, buyer)
        if session["mode"] == "setup":
            return setups.refused(sandbox, intent, REFUSED_CHALLENGE[0], None, REFUSED_CHALLENGE[1])
        if accepted:
            return _paid(sandbox, session, intent, buyer, three_d_secure=True)
        code, message = REFUSED_CHALLENGE
        return declined(sandbox, intent, buyer, code, None, message)


def attempt_of(sandbox: Sandbox, session: Thing) -> Thing | None:
    """Return the payment of a session, or what keeps its card, once there was an attempt."""
    kind = "setup_intent" if session["mode"] == "setup" else "payment_intent"
    return sandbox.store.find(kind, session[kind]) if session[kind] else None


def refusal_of(intent: Thing) -> str | None:
    """Return why the last attempt was refused, if it was."""
    error = intent["last_setup_error" if intent["object"] == "setup_intent" else "last_payment_error"]
    return error["message"] if error else None


def _set_up(sandbox: Sandbox, session: Thing, intent: Thing, buyer: Buyer) -> Thing:
    intent["last_setup_error"] = None
    card = buyer.typed.card
    if card.behaviour is Behaviour.CHALLENGED:
        return _challenged(sandbox, session, intent)
    if card.behaviour is Behaviour.DECLINED:
        return setups.refused(sandbox, intent, card.code or "", card.decline_code, card.message or "")
    return setups.kept(sandbox, session, intent, buyer)


def _open_session(sandbox: Sandbox, session_id: str) -> Thing:
    expire_overdue(sandbox)
    session = sandbox.store.find("checkout.session", session_id)
    if session is None or session["status"] != "open":
        raise SessionClosedError(session_id)
    return session


def _intent_of(sandbox: Sandbox, session: Thing) -> Thing:
    """Return the session's payment, or what keeps its card; like Stripe, make it at the first attempt only."""
    intent = attempt_of(sandbox, session)
    if intent:
        return intent
    make = objects.setup_intent if session["mode"] == "setup" else objects.payment_intent
    intent = make(session, now=sandbox.clock.now())
    kind = intent["object"]
    session[kind] = intent["id"]
    sandbox.store.put(session)
    sandbox.store.put(intent)
    sandbox.record(f"{kind}.created", intent)
    return intent


def _challenged(sandbox: Sandbox, session: Thing, intent: Thing) -> Thing:
    page = f"{session['url']}/authentification"
    intent |= {
        "status": "requires_action",
        "next_action": {"type": "redirect_to_url", "redirect_to_url": {"return_url": session["url"], "url": page}},
    }
    sandbox.store.put(intent)
    sandbox.record(f"{intent['object']}.requires_action", intent)
    return intent


def declined(sandbox: Sandbox, intent: Thing, buyer: Buyer, code: str, decline_code: str | None, message: str) -> Thing:
    """Have the bank refuse an attempt, and return the payment."""
    charge = objects.failed(
        _charge(sandbox, intent, buyer, three_d_secure=False), code=code, decline_code=decline_code, message=message
    )
    error = {"charge": charge["id"], "code": code, "message": message, "type": "card_error"}
    if decline_code:
        error["decline_code"] = decline_code
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": charge["id"],
        "last_payment_error": error,
        "next_action": None,
    }
    sandbox.store.put(charge)
    sandbox.store.put(intent)
    sandbox.record("charge.failed", charge)
    sandbox.record("payment_intent.payment_failed", intent)
    return intent


def _paid(sandbox: Sandbox, session: Thing, intent: Thing, buyer: Buyer, *, three_d_secure: bool) -> Thing:
    charge = charged(sandbox, intent, buyer, three_d_secure=three_d_secure)
    if intent["setup_future_usage"] or session["customer"] or session["customer_creation"] == "always":
        _keep_card(sandbox, session, intent, charge, buyer)
    session |= {
        "status": "complete",
        "payment_status": "paid",
        "url": None,
        "customer_details": _customer_details(email=buyer.email, name=buyer.holder),
    }
    for thing in (charge, intent, session):
        sandbox.store.put(thing)
    sandbox.record("charge.succeeded", charge)
    sandbox.record("payment_intent.succeeded", intent)
    sandbox.record("checkout.session.completed", session)
    return intent


def charged(sandbox: Sandbox, intent: Thing, buyer: Buyer, *, three_d_secure: bool = False) -> Thing:
    """Return the charge of a payment that succeeds, and write that on the payment; both are the caller's to keep."""
    charge = _charge(sandbox, intent, buyer, three_d_secure=three_d_secure)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
    }
    return charge


def _keep_card(sandbox: Sandbox, session: Thing, intent: Thing, charge: Thing, buyer: Buyer) -> None:
    """Keep who paid as a customer, unless the page is for one, and the card where a later charge was announced."""
    now = sandbox.clock.now()
    customer = session["customer"] and sandbox.store.find("customer", session["customer"])
    if not customer:
        customer = objects.customer(email=buyer.email, name=buyer.holder, now=now)
        sandbox.store.put(customer)
    for thing in (session, intent, charge):
        thing["customer"] = customer["id"]
    if intent["setup_future_usage"]:
        sandbox.store.put(
            objects.kept_card(
                buyer.typed,
                method_id=charge["payment_method"],
                customer_id=customer["id"],
                email=buyer.email,
                holder=buyer.holder,
                now=now,
            )
        )


def _expired(sandbox: Sandbox, session: Thing, cause: Cause) -> Thing:
    session |= {"status": "expired", "url": None}
    if session["customer_email"]:
        session["customer_details"] = _customer_details(email=session["customer_email"], name=None)
    sandbox.store.put(session)
    intent = attempt_of(sandbox, session)
    if intent:
        intent |= {"status": "canceled", "next_action": None}
        if session["mode"] == "payment":
            intent |= {"canceled_at": sandbox.clock.now(), "cancellation_reason": "expired"}
        sandbox.store.put(intent)
        sandbox.record(f"{intent['object']}.canceled", intent, cause)
    sandbox.record("checkout.session.expired", session, cause)
    return session


def _charge(sandbox: Sandbox, intent: Thing, buyer: Buyer, *, three_d_secure: bool) -> Thing:
    return objects.charge(
        intent,
        buyer.typed,
        email=buyer.email,
        holder=buyer.holder,
        three_d_secure=three_d_secure,
        now=sandbox.clock.now(),
    )


def _customer_details(*, email: str, name: str | None) -> Thing:
    return {
        "address": None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def _noted(buyer: Buyer) -> Thing:
    """Return what of the buyer is kept until the challenge is answered."""
    typed = buyer.typed
    return {
        "email": buyer.email,
        "holder": buyer.holder,
        "number": typed.number,
        "exp_month": typed.exp_month,
        "exp_year": typed.exp_year,
    }


def _recalled(noted: Thing) -> Buyer:
    card = TestCard(noted["number"], "", Behaviour.CHALLENGED)
    return Buyer(
        email=noted["email"],
        holder=noted["holder"],
        typed=TypedCard(card, number=noted["number"], exp_month=noted["exp_month"], exp_year=noted["exp_year"]),
    )

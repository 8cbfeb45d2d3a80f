"""Stripe's pages on which an order is paid: opened, looked at, closed."""

from collections.abc import Sequence
from datetime import UTC, datetime

import stripe
from stripe.params.checkout import SessionCreateParams

from eventsapp.payments.errors import GatewayUnavailable
from eventsapp.payments.gateway._client import UNAVAILABLE, client, refuse
from eventsapp.payments.gateway._objects import charged_at, id_of
from eventsapp.payments.rules import CURRENCY
from eventsapp.payments.values import CardPage, CardPayment, SavedCard

#: What Stripe shows of a page besides, when asked: the charge, which knows when it was paid.
_CHARGE = "payment_intent.latest_charge"
#: ... and, of a page that only keeps a card, that card.
_KEPT = "setup_intent.payment_method"


def open_page(
    *,
    key: str,
    reference: str,
    lines: Sequence[tuple[str, int, int]],
    email: str,
    success_url: str,
    cancel_url: str,
    expires_at: datetime,
    locale: str,
    keeps_card: bool = False,
    customer_id: str = "",
) -> CardPage:
    """Open Stripe's page for paying ``lines``: label, quantity, unit price in cents.

    ``keeps_card`` for a buyer who agreed to be charged again later: Stripe keeps the card with the customer of an
    earlier page, where there is one and Stripe still has it, else with one of its own. The same ``key`` gives the same
    page again.
    Raises ``GatewayUnavailable`` (ask again with the same key) and ``GatewayRefused`` (with another, if at all).
    """
    params: SessionCreateParams = {
        "mode": "payment",
        "client_reference_id": reference,
        "customer_email": email,
        "line_items": [
            {
                "quantity": quantity,
                "price_data": {
                    "currency": CURRENCY,
                    "unit_amount": unit_cents,
                    "product_data": {"name": label},
                },
            }
            for label, quantity, unit_cents in lines
            if unit_cents
        ],
        "allowed_payment_method_types": ["card"],
        "payment_intent_data": {"description": reference, "metadata": {"order": reference}},
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(expires_at.timestamp()),
        "locale": "en" if locale == "en" else "fr",
    }
    if keeps_card:
        params["customer_creation"] = "always"
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
    try:
        session = _open(params, key=key, customer_id=customer_id if keeps_card else "")
    except stripe.StripeError as error:
        refuse(error)
    return _page(session)


def open_card_page(
    *, key: str, reference: str, customer_id: str, success_url: str, cancel_url: str, locale: str
) -> CardPage:
    """Open Stripe's page on which a customer gives another card to be charged later, and pays nothing.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    params: SessionCreateParams = {
        "mode": "setup",
        "client_reference_id": reference,
        "customer": customer_id,
        "allowed_payment_method_types": ["card"],
        "success_url": success_url,
        "cancel_url": cancel_url,
        "locale": "en" if locale == "en" else "fr",
    }
    try:
        session = client().v1.checkout.sessions.create(params, {"idempotency_key": key})
    except stripe.StripeError as error:
        refuse(error)
    return _page(session)


def _page(session: stripe.checkout.Session) -> CardPage:
    if not session.url:
        raise GatewayUnavailable(str(UNAVAILABLE))
    return CardPage(
        session_id=session.id, url=session.url, expires_at=datetime.fromtimestamp(session.expires_at, tz=UTC)
    )


def _open(params: SessionCreateParams, *, key: str, customer_id: str) -> stripe.checkout.Session:
    sessions = client().v1.checkout.sessions
    if customer_id:
        # Stripe takes one or the other.
        for_one: SessionCreateParams = {**params, "customer": customer_id}
        del for_one["customer_email"], for_one["customer_creation"]
        try:
            return sessions.create(for_one, {"idempotency_key": f"{key}-{customer_id}"})
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise
    return sessions.create(params, {"idempotency_key": key})


def look_up(session_id: str) -> CardPayment:
    """Return what became of a page; raises ``GatewayUnavailable`` and ``GatewayRefused``."""
    try:
        return _payment(client().v1.checkout.sessions.retrieve(session_id, {"expand": [_CHARGE, _KEPT]}))
    except stripe.StripeError as error:
        refuse(error)


def close_page(session_id: str) -> CardPayment:
    """Make an open page unusable and return what became of it: it may have been paid a moment before.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    try:
        return _payment(client().v1.checkout.sessions.expire(session_id))
    except stripe.InvalidRequestError:
        # Only an open page can be closed; what it is instead, Stripe knows.
        return look_up(session_id)
    except stripe.StripeError as error:
        refuse(error)


def page_of_payment(payment_id: str) -> CardPayment | None:
    """Return what became of the page on which a payment was made; ``None`` when it was made elsewhere.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    try:
        sessions = client().v1.checkout.sessions
        found = sessions.list({"payment_intent": payment_id, "limit": 1, "expand": [f"data.{_CHARGE}"]}).data
    except stripe.StripeError as error:
        refuse(error)
    return _payment(found[0]) if found else None


def _payment(session: stripe.checkout.Session) -> CardPayment:
    return CardPayment(
        session_id=session.id,
        reference=session.client_reference_id or "",
        open=session.status == "open",
        paid=session.payment_status == "paid",
        amount_cents=session.amount_total or 0,
        currency=session.currency or "",
        payment_id=id_of(session.payment_intent),
        live=session.livemode,
        opened_at=datetime.fromtimestamp(session.created, UTC),
        paid_at=charged_at(session.payment_intent),
        card=_kept_alone(session) if session.mode == "setup" else _kept_card(session),
        keeps_only=session.mode == "setup",
    )


def _kept_card(session: stripe.checkout.Session) -> SavedCard | None:
    """Return the card that Stripe keeps since the page was paid, if it was asked to."""
    intent = session.payment_intent
    if not isinstance(intent, stripe.PaymentIntent) or intent.setup_future_usage != "off_session":
        return None
    charge = intent.latest_charge
    details = charge.payment_method_details if isinstance(charge, stripe.Charge) else None
    if session.customer is None or intent.payment_method is None or details is None or details.card is None:
        return None
    return SavedCard(
        customer_id=id_of(session.customer),
        method_id=id_of(intent.payment_method),
        brand=details.card.brand or "",
        last4=details.card.last4 or "",
        exp_month=details.card.exp_month,
        exp_year=details.card.exp_year,
    )


def _kept_alone(session: stripe.checkout.Session) -> SavedCard | None:
    """Return the card that Stripe keeps since a page without a payment is complete."""
    intent = session.setup_intent
    if not isinstance(intent, stripe.SetupIntent) or intent.status != "succeeded" or session.customer is None:
        return None
    method = intent.payment_method
    if not isinstance(method, stripe.PaymentMethod) or method.card is None:
        return None
    return SavedCard(
        customer_id=id_of(session.customer),
        method_id=method.id,
        brand=method.card.brand,
        last4=method.card.last4,
        exp_month=method.card.exp_month,
        exp_year=method.card.exp_year,
    )

"""The way to Stripe: the only module that speaks with it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NoReturn

import stripe
from flask_babel import lazy_gettext as _l
from stripe.params.checkout import SessionCreateParams

from eventsapp.core import settings
from eventsapp.payments.errors import ForgedEvent, GatewayRefused, GatewayUnavailable
from eventsapp.payments.rules import CURRENCY
from eventsapp.payments.values import CardPage, CardPayment, Event

#: Seconds that one answer may take, and how often the SDK asks again by itself (with the same key).
PATIENCE = 4
RETRIES = 1
#: Seconds for which Stripe's signature holds.
TOLERANCE = 300
_UNAVAILABLE = _l(
    "Le paiement par carte ne répond pas. Votre commande est gardée ; "
    "ne payez pas une seconde fois, réessayez dans un instant."
)


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
) -> CardPage:
    """Open Stripe's page for paying ``lines``: label, quantity, unit price in cents.

    The same ``key`` gives the same page again.
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
    try:
        session = _client().v1.checkout.sessions.create(params, {"idempotency_key": key})
    except stripe.StripeError as error:
        _refuse(error)
    if not session.url:
        raise GatewayUnavailable(str(_UNAVAILABLE))
    return CardPage(
        session_id=session.id, url=session.url, expires_at=datetime.fromtimestamp(session.expires_at, tz=UTC)
    )


def look_up(session_id: str) -> CardPayment:
    """Return what became of a page; raises ``GatewayUnavailable`` and ``GatewayRefused``."""
    try:
        return _payment(_client().v1.checkout.sessions.retrieve(session_id))
    except stripe.StripeError as error:
        _refuse(error)


def close_page(session_id: str) -> CardPayment:
    """Make an open page unusable and return what became of it: it may have been paid a moment before.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    try:
        return _payment(_client().v1.checkout.sessions.expire(session_id))
    except stripe.InvalidRequestError:
        # Only an open page can be closed; what it is instead, Stripe knows.
        return look_up(session_id)
    except stripe.StripeError as error:
        _refuse(error)


def read_event(payload: bytes, signature: str) -> Event:
    """Return what Stripe tells in a signed message; raise ``ForgedEvent``."""
    try:
        event = stripe.Webhook.construct_event(
            payload, signature, settings.current().stripe_webhook_secret, tolerance=TOLERANCE
        )
    except (ValueError, stripe.SignatureVerificationError) as error:
        raise ForgedEvent("Ce message ne vient pas de Stripe, ou il est trop ancien.") from error
    subject = event.data.object
    about_page = isinstance(subject, stripe.checkout.Session)
    return Event(event_id=event.id, kind=event.type, session_id=subject.id if about_page else "")


def expects_live() -> bool:
    """Return whether real money is expected."""
    return settings.current().stripe_secret_key.startswith(("sk_live_", "rk_live_"))


def _payment(session: stripe.checkout.Session) -> CardPayment:
    intent = session.payment_intent
    return CardPayment(
        session_id=session.id,
        reference=session.client_reference_id or "",
        open=session.status == "open",
        paid=session.payment_status == "paid",
        amount_cents=session.amount_total or 0,
        currency=session.currency or "",
        payment_id=intent if isinstance(intent, str) else intent.id if intent else "",
        live=session.livemode,
    )


def _refuse(error: stripe.StripeError) -> NoReturn:
    # 409: the same key is being answered at this very moment.
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError) or error.http_status == 409:
        raise GatewayUnavailable(str(_UNAVAILABLE)) from error
    raise GatewayRefused(
        "Le paiement par carte n’est pas possible pour le moment. Votre commande est gardée ; "
        "écrivez-nous pour la régler autrement."
    ) from error


def _client() -> stripe.StripeClient:
    current = settings.current()
    return _client_for(current.stripe_secret_key, current.stripe_api_base)


@lru_cache(maxsize=4)
def _client_for(secret_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        http_client=stripe.RequestsClient(timeout=PATIENCE),
        max_network_retries=RETRIES,
    )

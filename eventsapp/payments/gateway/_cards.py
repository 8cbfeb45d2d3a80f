"""Cards that Stripe keeps for us: charged when their holder is not there, looked for, forgotten."""

from datetime import datetime

import stripe
from stripe.params import PaymentIntentCreateParams

from eventsapp.payments.errors import ChargeDeclined
from eventsapp.payments.gateway._client import LONGEST_REASON, MOST, client, is_silence, refuse
from eventsapp.payments.gateway._objects import charged_at, id_of
from eventsapp.payments.rules import CURRENCY
from eventsapp.payments.values import CardPayment, SavedCard

#: What a charge carries at Stripe: our order, and the key under which we asked for it.
_ORDER, _REQUEST = "order", "request"
#: What Stripe shows of a payment besides: the charge, which knows when it was paid.
_CHARGE = "latest_charge"
#: Its word for a bank that wants to ask the holder, who is not there.
_ASKS_HOLDER = "authentication_required"


def charge(*, key: str, reference: str, amount_cents: int, card: SavedCard) -> CardPayment:
    """Charge a card whose holder is not there; the same ``key`` gives the same answer again, for a day.

    Stripe keeps the key with the payment, for ``charge_made``, beyond that day. Raises ``ChargeDeclined`` (the bank or
    Stripe says no to this card), ``GatewayUnavailable`` (whether it was charged is not known) and ``GatewayRefused``.
    """
    params: PaymentIntentCreateParams = {
        "amount": amount_cents,
        "currency": CURRENCY,
        "customer": card.customer_id,
        "payment_method": card.method_id,
        "allowed_payment_method_types": ["card"],
        "off_session": True,
        "confirm": True,
        "description": reference,
        "metadata": {_ORDER: reference, _REQUEST: key},
        "expand": [_CHARGE],
    }
    try:
        return _payment(client().v1.payment_intents.create(params, {"idempotency_key": key}))
    except stripe.CardError as error:
        raise _declined(error, asks_holder=error.code == _ASKS_HOLDER) from error
    except stripe.InvalidRequestError as error:
        # The card was taken off, or its customer is gone: nothing can be charged any more.
        if is_silence(error) or error.code != "resource_missing":
            refuse(error)
        raise _declined(error, asks_holder=False) from error
    except stripe.StripeError as error:
        refuse(error)


def charge_made(*, key: str, card: SavedCard, since: datetime) -> CardPayment | None:
    """Return the payment that was asked for under ``key`` since then, as it stands now; ``None`` when there is none.

    Of a customer that is gone Stripe shows none. Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    try:
        made = client().v1.payment_intents.list(
            {
                "customer": card.customer_id,
                "created": {"gte": int(since.timestamp())},
                "limit": MOST,
                "expand": [f"data.{_CHARGE}"],
            }
        )
        found = next((row for row in made.auto_paging_iter() if _kept(row, _REQUEST) == key), None)
    except stripe.InvalidRequestError as error:
        if is_silence(error) or error.code != "resource_missing":
            refuse(error)
        return None
    except stripe.StripeError as error:
        refuse(error)
    return _payment(found) if found else None


def forget_customer(customer_id: str) -> None:
    """Have Stripe forget a customer, and with it every card kept for it; one that is gone is forgotten.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    try:
        client().v1.customers.delete(customer_id)
    except stripe.InvalidRequestError as error:
        if error.code != "resource_missing":
            refuse(error)
    except stripe.StripeError as error:
        refuse(error)


def _payment(intent: stripe.PaymentIntent) -> CardPayment:
    return CardPayment(
        session_id="",
        reference=_kept(intent, _ORDER),
        open=intent.status == "processing",
        paid=intent.status == "succeeded",
        amount_cents=intent.amount_received,
        currency=intent.currency,
        payment_id=id_of(intent),
        live=intent.livemode,
        paid_at=charged_at(intent),
    )


def _kept(intent: stripe.PaymentIntent, name: str) -> str:
    return getattr(intent.metadata, name, "")


def _declined(error: stripe.StripeError, *, asks_holder: bool) -> ChargeDeclined:
    word = getattr(error.error, "decline_code", None) or error.code or error.user_message or ""
    return ChargeDeclined("La banque refuse ce prélèvement.", reason=word[:LONGEST_REASON], asks_holder=asks_holder)

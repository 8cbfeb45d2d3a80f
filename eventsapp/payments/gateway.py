"""The way to Stripe: the only module that speaks with it."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NoReturn

import stripe
from flask_babel import lazy_gettext as _l
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from eventsapp.core import settings
from eventsapp.payments.errors import (
    ForgedEvent,
    GatewayFaltered,
    GatewayRefused,
    GatewayUnavailable,
    RefundRefused,
)
from eventsapp.payments.rules import CURRENCY
from eventsapp.payments.statuses import RefundState
from eventsapp.payments.values import CardDispute, CardPage, CardPayment, CardRefund, Event, MoneyBack

#: Seconds that one answer may take, and how often the SDK asks again by itself (with the same key).
PATIENCE = 4
RETRIES = 1
#: Seconds after which an answer is late enough for nobody else of the process to begin waiting for one.
LATE = 2.0
#: Seconds for which Stripe's signature holds.
TOLERANCE = 300
#: What a refund carries at Stripe: the key under which we asked for it.
_REQUEST = "request"
#: Characters of an id at Stripe, and those kept of the name of a kind of event.
_LONGEST_ID, _LONGEST_KIND = 100, 60
#: Characters kept of why Stripe refuses.
_LONGEST_REASON = 300
#: What Stripe shows of a page besides, when asked: the charge, which knows when it was paid.
_CHARGE = "payment_intent.latest_charge"
#: Objects on one page of a list, at most.
_MOST = 100
_IN_USE = 409
_STATES = {"succeeded": RefundState.DONE, "failed": RefundState.FAILED, "canceled": RefundState.FAILED}
_NO_ANSWER = _l("Stripe ne répond pas. Le remboursement est noté ; il est demandé de nouveau de lui-même.")
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
        return _payment(_client().v1.checkout.sessions.retrieve(session_id, {"expand": [_CHARGE]}))
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


def refund(*, key: str, request_key: str, payment_id: str, amount_cents: int) -> CardRefund:
    """Give ``amount_cents`` of a payment back to its card; the same ``key`` gives the same refund again.

    Stripe keeps ``request_key`` with it, for ``money_back``, beyond the day for which it keeps the other.
    Raises ``GatewayUnavailable`` (ask again with the same key), ``GatewayFaltered`` (with another), ``RefundRefused``.
    """
    params: RefundCreateParams = {
        "payment_intent": payment_id,
        "amount": amount_cents,
        "metadata": {_REQUEST: request_key},
    }
    try:
        return _refund(_client().v1.refunds.create(params, {"idempotency_key": key}))
    except stripe.InvalidRequestError as error:
        reason = (error.code or error.user_message or "")[:_LONGEST_REASON]
        raise RefundRefused("Stripe refuse ce remboursement.", reason=reason) from error
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.AuthenticationError) as error:
        raise GatewayUnavailable(str(_NO_ANSWER)) from error
    except stripe.StripeError as error:
        if error.http_status == _IN_USE:
            raise GatewayUnavailable(str(_NO_ANSWER)) from error
        raise GatewayFaltered(str(_NO_ANSWER)) from error


def money_back(payment_id: str) -> MoneyBack:
    """Return what went back of a payment, and who contests it; raises ``GatewayUnavailable`` and ``GatewayRefused``."""
    client = _client()
    try:
        refunds = list(client.v1.refunds.list({"payment_intent": payment_id, "limit": _MOST}).auto_paging_iter())
        disputes = list(client.v1.disputes.list({"payment_intent": payment_id, "limit": _MOST}).auto_paging_iter())
    except stripe.StripeError as error:
        _refuse(error)
    return MoneyBack(
        payment_id=payment_id,
        refunds=tuple(_refund(found) for found in reversed(refunds)),
        disputes=tuple(_dispute(found) for found in reversed(disputes)),
    )


def given_back_since(since: datetime) -> list[MoneyBack]:
    """Return what went back, or was contested, since then, by payment; raises as ``money_back``."""
    client, after = _client(), int(since.timestamp())
    try:
        refunds = list(client.v1.refunds.list({"created": {"gte": after}, "limit": _MOST}).auto_paging_iter())
        disputes = list(client.v1.disputes.list({"created": {"gte": after}, "limit": _MOST}).auto_paging_iter())
    except stripe.StripeError as error:
        _refuse(error)
    made, opened = [_refund(found) for found in refunds], [_dispute(found) for found in disputes]
    payment_ids = sorted({found.payment_id for found in made} | {found.payment_id for found in opened})
    return [
        MoneyBack(
            payment_id=payment_id,
            refunds=tuple(found for found in reversed(made) if found.payment_id == payment_id),
            disputes=tuple(found for found in reversed(opened) if found.payment_id == payment_id),
        )
        for payment_id in payment_ids
        if payment_id
    ]


def page_of_payment(payment_id: str) -> CardPayment | None:
    """Return what became of the page on which a payment was made; ``None`` when it was made elsewhere.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    try:
        sessions = _client().v1.checkout.sessions
        found = sessions.list({"payment_intent": payment_id, "limit": 1, "expand": [f"data.{_CHARGE}"]}).data
    except stripe.StripeError as error:
        _refuse(error)
    return _payment(found[0]) if found else None


def read_event(payload: bytes, signature: str) -> Event:
    """Return what Stripe tells in a signed message; raise ``ForgedEvent``."""
    try:
        event = stripe.Webhook.construct_event(
            payload, signature, settings.current().stripe_webhook_secret, tolerance=TOLERANCE
        )
        subject = event.data.object
        told = Event(
            event_id=event.id,
            kind=event.type[:_LONGEST_KIND],
            session_id=subject.id if isinstance(subject, stripe.checkout.Session) else "",
            payment_id=_payment_given_back(event.type, subject),
            live=bool(event.livemode),
        )
    except (ValueError, stripe.SignatureVerificationError) as error:
        raise ForgedEvent("Ce message ne vient pas de Stripe, ou il est trop ancien.") from error
    except (AttributeError, TypeError) as error:
        raise ForgedEvent("Ce message n’est pas un événement de Stripe.") from error
    if not _are_sound(told.event_id, told.session_id, told.payment_id) or not told.event_id:
        raise ForgedEvent("Ce message n’est pas un événement de Stripe.")
    return told


def expects_live() -> bool:
    """Return whether real money is expected."""
    return settings.current().stripe_secret_key.startswith(("sk_live_", "rk_live_"))


def _payment(session: stripe.checkout.Session) -> CardPayment:
    return CardPayment(
        session_id=session.id,
        reference=session.client_reference_id or "",
        open=session.status == "open",
        paid=session.payment_status == "paid",
        amount_cents=session.amount_total or 0,
        currency=session.currency or "",
        payment_id=_id_of(session.payment_intent),
        live=session.livemode,
        paid_at=_charged_at(session.payment_intent),
    )


def _charged_at(intent: str | stripe.PaymentIntent | None) -> datetime | None:
    charge = intent.latest_charge if isinstance(intent, stripe.PaymentIntent) else None
    return _moment(charge.created) if isinstance(charge, stripe.Charge) else None


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None


def _refund(found: stripe.Refund) -> CardRefund:
    return CardRefund(
        refund_id=found.id,
        payment_id=_id_of(found.payment_intent),
        request_key=found.metadata[_REQUEST] if found.metadata and _REQUEST in found.metadata else "",
        amount_cents=found.amount,
        # « pending » and « requires_action » are not the end of it.
        state=_STATES.get(found.status or "", RefundState.ASKED),
        failure=(getattr(found, "failure_reason", None) or "")[:300],
        made_at=_moment(found.created),
    )


def _dispute(found: stripe.Dispute) -> CardDispute:
    taken = found.balance_transactions[0].created if found.balance_transactions else found.created
    return CardDispute(
        dispute_id=found.id,
        payment_id=_id_of(found.payment_intent),
        amount_cents=found.amount,
        reason=found.reason,
        status=found.status,
        answer_by=_moment(found.evidence_details.due_by),
        taken_at=_moment(taken),
    )


def _payment_given_back(kind: str, subject: object) -> str:
    """Return the payment of which something goes back or is contested, when a message is about that."""
    gives_back = isinstance(subject, stripe.Refund | stripe.Dispute) or kind == "charge.refunded"
    return _id_of(getattr(subject, "payment_intent", None)) if gives_back else ""


def _are_sound(*ids: object) -> bool:
    """Return whether what stands where Stripe's ids should can be kept as such."""
    return all(isinstance(found, str) and len(found) <= _LONGEST_ID for found in ids)


def _id_of(found: str | stripe.PaymentIntent | None) -> str:
    return found if isinstance(found, str) else found.id if found else ""


def _refuse(error: stripe.StripeError) -> NoReturn:
    reason = (error.user_message or str(error))[:_LONGEST_REASON]
    # 409: the same key is being answered at this very moment.
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError) or error.http_status == _IN_USE:
        raise GatewayUnavailable(str(_UNAVAILABLE), reason=reason) from error
    raise GatewayRefused(
        "Le paiement par carte n’est pas possible pour le moment. Votre commande est gardée ; "
        "écrivez-nous pour la régler autrement.",
        reason=reason,
    ) from error


def _client() -> stripe.StripeClient:
    current = settings.current()
    return _client_for(current.stripe_secret_key, current.stripe_api_base)


@lru_cache(maxsize=4)
def _client_for(secret_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        http_client=_Counter(timeout=PATIENCE),
        max_network_retries=RETRIES,
    )


class _Counter(stripe.RequestsClient):
    """Stripe's counter, as the threads of one process stand at it: where nobody is served, no queue forms.

    A hanging Stripe would otherwise keep every thread waiting, and with them the visitors who want nothing of it.
    While an answer is late nobody else begins to wait for one, and after one that did not come only one at a time
    finds out whether Stripe is back; the others are told at once that it does not answer.
    """

    def __init__(self, *, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._turn = threading.Lock()
        self._begun: list[float] = []
        self._silent = False

    def request_with_retries(self, *request: Any, **options: Any) -> Any:
        begun = self._begin()
        silent = True
        try:
            answer = super().request_with_retries(*request, **options)
            silent = False
            return answer
        finally:
            with self._turn:
                self._begun.remove(begun)
                self._silent = silent

    def _begin(self) -> float:
        now = time.monotonic()
        with self._turn:
            if self._begun and (self._silent or self._begun[0] < now - LATE):
                raise stripe.APIConnectionError("Others wait for an answer.", should_retry=False)  # type: ignore[no-untyped-call]
            self._begun.append(now)
        return now

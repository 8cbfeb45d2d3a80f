"""Money that goes back at Stripe: refunds, and payments that are contested."""

from datetime import datetime

import stripe
from flask_babel import lazy_gettext as _l
from stripe.params import RefundCreateParams

from eventsapp.payments.errors import GatewayFaltered, GatewayUnavailable, RefundRefused
from eventsapp.payments.gateway._client import IN_USE, LONGEST_REASON, MOST, client, refuse
from eventsapp.payments.gateway._objects import id_of, moment
from eventsapp.payments.statuses import RefundState
from eventsapp.payments.values import CardDispute, CardRefund, MoneyBack

#: What a refund carries at Stripe: the key under which we asked for it.
_REQUEST = "request"
_STATES = {"succeeded": RefundState.DONE, "failed": RefundState.FAILED, "canceled": RefundState.FAILED}
_NO_ANSWER = _l("Stripe ne répond pas. Le remboursement est noté ; il est demandé de nouveau de lui-même.")


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
        return _refund(client().v1.refunds.create(params, {"idempotency_key": key}))
    except stripe.InvalidRequestError as error:
        reason = (error.code or error.user_message or "")[:LONGEST_REASON]
        raise RefundRefused("Stripe refuse ce remboursement.", reason=reason) from error
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.AuthenticationError) as error:
        raise GatewayUnavailable(str(_NO_ANSWER)) from error
    except stripe.StripeError as error:
        if error.http_status == IN_USE:
            raise GatewayUnavailable(str(_NO_ANSWER)) from error
        raise GatewayFaltered(str(_NO_ANSWER)) from error


def money_back(payment_id: str) -> MoneyBack:
    """Return what went back of a payment, and who contests it; raises ``GatewayUnavailable`` and ``GatewayRefused``."""
    asked = client()
    try:
        refunds = list(asked.v1.refunds.list({"payment_intent": payment_id, "limit": MOST}).auto_paging_iter())
        disputes = list(asked.v1.disputes.list({"payment_intent": payment_id, "limit": MOST}).auto_paging_iter())
    except stripe.StripeError as error:
        refuse(error)
    return MoneyBack(
        payment_id=payment_id,
        refunds=tuple(_refund(found) for found in reversed(refunds)),
        disputes=tuple(_dispute(found) for found in reversed(disputes)),
    )


def given_back_since(since: datetime) -> list[MoneyBack]:
    """Return what went back, or was contested, since then, by payment; raises as ``money_back``."""
    asked, after = client(), int(since.timestamp())
    try:
        refunds = list(asked.v1.refunds.list({"created": {"gte": after}, "limit": MOST}).auto_paging_iter())
        disputes = list(asked.v1.disputes.list({"created": {"gte": after}, "limit": MOST}).auto_paging_iter())
    except stripe.StripeError as error:
        refuse(error)
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


def _refund(found: stripe.Refund) -> CardRefund:
    return CardRefund(
        refund_id=found.id,
        payment_id=id_of(found.payment_intent),
        request_key=found.metadata[_REQUEST] if found.metadata and _REQUEST in found.metadata else "",
        amount_cents=found.amount,
        # « pending » and « requires_action » are not the end of it.
        state=_STATES.get(found.status or "", RefundState.ASKED),
        failure=(getattr(found, "failure_reason", None) or "")[:300],
        made_at=moment(found.created),
    )


def _dispute(found: stripe.Dispute) -> CardDispute:
    taken = found.balance_transactions[0].created if found.balance_transactions else found.created
    return CardDispute(
        dispute_id=found.id,
        payment_id=id_of(found.payment_intent),
        amount_cents=found.amount,
        reason=found.reason,
        status=found.status,
        answer_by=moment(found.evidence_details.due_by),
        taken_at=moment(taken),
    )

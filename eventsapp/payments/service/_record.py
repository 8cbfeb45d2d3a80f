"""Counting money that came in for an order, or went back, and entering it in the journal."""

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries
from eventsapp.payments.models import Payment, Refund
from eventsapp.payments.service._journal import enter_payment, enter_refund
from eventsapp.payments.statuses import PaymentKind, RefundState


def record_payment(
    order: Order,
    *,
    method: str,
    amount_cents: int,
    received_on: date,
    now: datetime,
    gateway_reference: str | None = None,
    reference: str = "",
    bank: str = "",
    payer: str = "",
    form_key: str | None = None,
    recorded_by_id: int | None = None,
) -> Payment | None:
    """Count money that came in for a locked order; return ``None`` when the gateway or the form told it before.

    Who calls enters it in the journal (``enter_payment``) once what it pays for is given: its end is locked last.
    """
    if form_key is not None and queries.payment_by_form_key(form_key) is not None:
        return None
    payment = Payment(
        order_id=order.id,
        method=method,
        amount_cents=amount_cents,
        received_on=received_on,
        recorded_at=now,
        reference=reference,
        bank=bank,
        payer=payer,
        gateway_reference=gateway_reference,
        form_key=form_key,
        recorded_by_id=recorded_by_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(payment)
    except IntegrityError:
        if gateway_reference is None or queries.payment_by_gateway_reference(gateway_reference) is None:
            raise
        return None
    orders.count_money(order, paid_cents=amount_cents)
    return payment


def record_refund(
    order: Order,
    *,
    method: str,
    amount_cents: int,
    refunded_on: date,
    now: datetime,
    reason: str = "",
    gateway_reference: str | None = None,
    form_key: str | None = None,
    recorded_by_id: int | None = None,
    state: RefundState = RefundState.DONE,
    payment_id: int | None = None,
    request_key: str | None = None,
) -> Refund | None:
    """Count money that goes back for a locked order; return ``None`` when the form told it before.

    ``payment_id`` is the card payment that it takes back, ``request_key`` what Stripe is asked for it under.
    """
    if form_key is not None and queries.refund_by_form_key(form_key) is not None:
        return None
    refund = Refund(
        order_id=order.id,
        method=method,
        amount_cents=amount_cents,
        refunded_on=refunded_on,
        recorded_at=now,
        reason=reason,
        gateway_reference=gateway_reference,
        form_key=form_key,
        recorded_by_id=recorded_by_id,
        state=state,
        payment_id=payment_id,
        request_key=request_key,
    )
    db.session.add(refund)
    orders.count_money(order, refunded_cents=amount_cents)
    if state is RefundState.DONE:
        enter_refund(order, refund, now=now)
    return refund


def reverse_payment(
    order: Order,
    payment: Payment,
    *,
    reversed_on: date,
    reason: str,
    now: datetime,
    recorded_by_id: int,
    by_mistake: bool = False,
) -> Payment:
    """Take back, by a row of its own, a payment of a locked order that did not hold; enter that in the journal.

    ``by_mistake``: it never came, somebody had typed it.
    """
    reversal = Payment(
        order_id=order.id,
        method=payment.method,
        amount_cents=-payment.amount_cents,
        received_on=reversed_on,
        recorded_at=now,
        reference=payment.reference,
        bank=payment.bank,
        payer=payment.payer,
        recorded_by_id=recorded_by_id,
        kind=PaymentKind.REVERSAL,
        reverses_id=payment.id,
        by_mistake=by_mistake,
        reason=reason,
    )
    _write(order, reversal)
    enter_payment(order, reversal, now=now)
    return reversal


def move_money(
    source: Order,
    target: Order,
    *,
    amount_cents: int,
    moved_on: date,
    reason: str,
    now: datetime,
    recorded_by_id: int | None,
) -> list[tuple[Order, Payment]]:
    """Move money between two locked orders by a row in each, one pair a card payment that it came from.

    What came by hand is moved first: card money stays where it can be given back to its card. Wherever that is moved,
    its rows say which payment it was. Who calls enters them in the journal, as ``record_payment`` says.
    """
    return [
        row
        for origin, cents in _pieces(source, amount_cents)
        for row in move_piece(
            source,
            target,
            origin=origin,
            amount_cents=cents,
            moved_on=moved_on,
            reason=reason,
            now=now,
            recorded_by_id=recorded_by_id,
        )
    ]


def move_piece(
    source: Order,
    target: Order,
    *,
    origin: Payment | None,
    amount_cents: int,
    moved_on: date,
    reason: str,
    now: datetime,
    recorded_by_id: int | None,
) -> list[tuple[Order, Payment]]:
    """Move money of one card payment, or none of any, by a row in each of two locked orders."""
    moved = []
    method = origin.method if origin else queries.method_by_hand(source)
    for order, other, cents in ((source, target, -amount_cents), (target, source, amount_cents)):
        row = Payment(
            order_id=order.id,
            method=method,
            amount_cents=cents,
            received_on=moved_on,
            recorded_at=now,
            reference=other.reference,
            recorded_by_id=recorded_by_id,
            kind=PaymentKind.MOVED,
            origin_id=origin.id if origin else None,
            reason=reason,
        )
        _write(order, row)
        moved.append((order, row))
    return moved


def _pieces(source: Order, amount_cents: int) -> list[tuple[Payment | None, int]]:
    """Share an amount out over what lies in an order: by hand first, then by the card payments it came from."""
    cards = queries.card_money_left(source.id)
    by_hand = source.paid_cents - source.refunded_cents - sum(cents for _payment, cents in cards)
    lying: list[tuple[Payment | None, int]] = [(None, max(0, by_hand)), *cards]
    pieces, left = [], amount_cents
    for origin, cents in lying:
        part = min(left, cents)
        if part:
            pieces.append((origin, part))
        left -= part
    return pieces


def _write(order: Order, payment: Payment) -> None:
    db.session.add(payment)
    orders.count_money(order, paid_cents=payment.amount_cents)

"""Giving money back: to the card through Stripe, which is asked once the refund is written down, or by hand."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, i18n, queue, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid, NotFound
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payment_queries
from eventsapp.payments import rules as payment_rules
from eventsapp.payments import service as payments
from eventsapp.payments.errors import (
    AlreadyRecorded,
    FallsDue,
    GatewayFaltered,
    GatewayUnavailable,
    NothingToRefund,
    RefundRefused,
)
from eventsapp.payments.models import Refund
from eventsapp.payments.statuses import RefundState
from eventsapp.payments.values import CardRefund

log = logging.getLogger(__name__)

#: The sweep that asks Stripe.
SWEEP = "payments.refund"
#: Stripe keeps a key for a day at least; afterwards a refund is looked for before it is asked for again.
KEY_HOLDS = timedelta(hours=12)
#: So many refunds in a row without an answer, and Stripe is left in peace until the timetable asks again.
SILENCES = 3


@dataclass(slots=True)
class Asked:
    """What Stripe said of refunds, kept already."""

    done: int = 0
    failed: int = 0
    #: Stripe did not say: they are asked for again.
    waiting: int = 0


def card_cents(order_id: int) -> int:
    """Return how much of what was paid for an order can go back to cards."""
    return sum(cents for _payment, cents in payment_queries.card_money_left(order_id))


def refund_card(
    order_id: int,
    *,
    amount_cents: int,
    reason: str,
    actor: User,
    now: datetime,
    form_key: str | None = None,
    surely_due: bool = True,
) -> int:
    """Write down that the office gives ``amount_cents`` back to the card; return how much, 0 when it was sent before.

    Raises ``NothingToRefund``, and ``FallsDue`` where the order would owe it again, unless that is ``surely_due``.
    """
    order = orders.lock(order_id)
    if form_key is not None and payment_queries.refund_by_form_key(form_key) is not None:
        return 0
    most = min(card_cents(order.id), order.paid_cents - order.refunded_cents)
    if not 0 < amount_cents <= most:
        message = _("C’est plus que ce qui peut être rendu sur la carte.")
        raise NothingToRefund(message, errors={"/amount": message})
    _require_excess(order, amount_cents, surely_due=surely_due)
    return write_card_refunds(order, amount_cents=amount_cents, reason=reason, actor=actor, now=now, form_key=form_key)


def write_card_refunds(
    order: Order,
    *,
    amount_cents: int,
    reason: str,
    now: datetime,
    actor: User | None = None,
    by: str = audit.NOBODY,
    form_key: str | None = None,
) -> int:
    """Write down what of ``amount_cents`` can go back to the cards of a locked order; return how many cents that is.

    Stripe is asked after the commit, by the worker's sweep; the money counts as given back from now on.
    """
    left = amount_cents
    for payment, cents in payment_queries.card_money_left(order.id):
        part = min(left, cents)
        if part <= 0:
            break
        payments.write_refund(
            order,
            payment,
            amount_cents=part,
            reason=reason,
            now=now,
            form_key=form_key if left == amount_cents else None,
            recorded_by_id=actor.id if actor else None,
        )
        left -= part
    written = amount_cents - left
    if written:
        audit.record(
            "payments.ask_refund",
            subject=orders.subject(order),
            now=now,
            actor=actor,
            by=by,
            changes={"amount_cents": written, "reason": reason},
        )
        queue.nudge(SWEEP)
    return written


def ask_refunds(*, now: datetime, order_id: int | None = None) -> Asked:
    """Ask Stripe for every refund that is written down and not confirmed; of one order, if it is given.

    One transaction a refund, after Stripe's answer. However often and wherever it stops, none is made twice: Stripe
    gives the same refund for the same key, and keeps our name for it. One that Stripe answers with an error waits
    longer each time, and stops no other; one in a row too many without an answer, and all wait for the timetable.
    """
    asked = Asked()
    silences = 0
    for refund_id in payment_queries.asked_refunds(now=now, order_id=order_id):
        try:
            state = _ask_one(refund_id, now=now)
        except GatewayUnavailable:
            asked.waiting += 1
            silences += 1
            with unit_of_work.transaction():
                payments.ask_after_others(refund_id, now=now)
            if silences == SILENCES:
                log.warning("Stripe does not answer; the refunds are asked for again later")
                break
            continue
        except Exception as failure:
            log.exception("the refund %s could not be asked for", refund_id)
            asked.waiting += 1
            _ask_later(refund_id, reason=_said(failure), now=now)
            continue
        silences = 0
        asked.done += state is RefundState.DONE
        asked.failed += state is RefundState.FAILED
        asked.waiting += state is RefundState.ASKED
    return asked


def _ask_one(refund_id: int, *, now: datetime) -> RefundState:
    row = payment_queries.refund(refund_id)
    if row is None or row.state is not RefundState.ASKED or row.payment is None or row.request_key is None:
        return row.state if row else RefundState.FAILED
    order_id, payment_id, attempt = row.order_id, row.payment.gateway_reference or "", row.attempt
    request_key, amount_cents = row.request_key, row.amount_cents
    known = row.gateway_reference is not None or attempt > 1 or row.recorded_at < now - KEY_HOLDS
    gateway_reference = row.gateway_reference
    db.session.rollback()
    try:
        found = _at_stripe(payment_id, request_key, gateway_reference) if known else None
        if found is None and gateway_reference is not None:
            # Made already, whatever the list says today: never a second one.
            return RefundState.ASKED
        if found is None:
            found = gateway.refund(
                key=f"{request_key}-{attempt}",
                request_key=request_key,
                payment_id=payment_id,
                amount_cents=amount_cents,
            )
    except GatewayFaltered as failure:
        with unit_of_work.transaction():
            payments.try_another_key(refund_id, attempt=attempt)
        _ask_later(refund_id, reason=_said(failure), now=now)
        return RefundState.ASKED
    except RefundRefused as refusal:
        return _refuse(refund_id, order_id, reason=refusal.reason, now=now)
    with unit_of_work.transaction():
        order = orders.lock(order_id)
        kept = payment_queries.refund(refund_id)
        if kept is not None and kept.payment is not None:
            payments.take_refund({order.id: order}, kept.payment, found, now=now)
    return found.state


def _at_stripe(payment_id: str, request_key: str, gateway_reference: str | None) -> CardRefund | None:
    """Return the refund that was made under our key, or that Stripe gave that id, if there is one."""
    return next(
        (
            found
            for found in gateway.money_back(payment_id).refunds
            if found.request_key == request_key or found.refund_id == gateway_reference
        ),
        None,
    )


def _refuse(refund_id: int, order_id: int, *, reason: str, now: datetime) -> RefundState:
    with unit_of_work.transaction():
        order = orders.lock(order_id)
        row = payment_queries.refund(refund_id)
        if row is not None and row.state is RefundState.ASKED:
            payments.fail_refund(order, row, reason=reason, now=now)
    return RefundState.FAILED


def _ask_later(refund_id: int, *, reason: str, now: datetime) -> None:
    with unit_of_work.transaction():
        row = payment_queries.refund(refund_id)
        if row is None:
            return
        order = orders.lock(row.order_id)
        row = payment_queries.refund(refund_id)
        if row is not None and row.state is RefundState.ASKED:
            payments.ask_later(order, row, reason=reason, now=now)


def _said(failure: BaseException) -> str:
    """Return what went wrong as Stripe, or the program, says it."""
    said = failure.__cause__ or failure
    return f"{type(said).__name__}: {said}"[:200]


def give_up_refund(refund_id: int, *, actor: User, now: datetime) -> Order:
    """Count a refund no more of which the office saw that Stripe made none.

    Raises ``NotFound``, and ``RefundClosed`` when Stripe answered meanwhile.
    """
    row = payment_queries.refund(refund_id)
    if row is None:
        raise NotFound("Ce remboursement n’existe pas.")
    order = orders.lock(row.order_id)
    row = payment_queries.refund(refund_id)
    assert row is not None  # noqa: S101 - rows of refunds are never deleted
    payments.give_up_refund(order, row, actor=actor, now=now)
    return order


def refund_by_hand(
    order_id: int,
    *,
    amount_cents: int,
    refunded_on: date,
    reason: str,
    actor: User,
    now: datetime,
    method: str | None = None,
    form_key: str | None = None,
    surely_new: bool = False,
    surely_due: bool = True,
) -> Refund | None:
    """Record money that the office sent back; return ``None``, and change nothing, when its form was sent before.

    ``method`` is how it went, which need not be how it came: unless said, by the order's own, or by transfer where
    no money goes back by that. Raises ``Invalid`` for a way by which none does, for more than is there or a date that
    cannot be, ``AlreadyRecorded`` for what looks like the same refund, unless it is ``surely_new``, and ``FallsDue``
    where the order would owe it again, unless that is ``surely_due``.
    """
    order = orders.lock(order_id)
    if form_key is not None and payment_queries.refund_by_form_key(form_key) is not None:
        return None
    way = _way_back(order, method)
    _require_sensible(order, amount_cents=amount_cents, refunded_on=refunded_on, now=now)
    _require_excess(order, amount_cents, surely_due=surely_due)
    if not surely_new and payment_queries.has_refund(order.id, amount_cents=amount_cents, refunded_on=refunded_on):
        raise AlreadyRecorded("Le même remboursement est déjà enregistré : même montant et même date.")
    refund = payments.record_refund(
        order,
        method=way,
        amount_cents=amount_cents,
        refunded_on=refunded_on,
        now=now,
        reason=reason,
        form_key=form_key,
        recorded_by_id=actor.id,
    )
    audit.record(
        "payments.refund",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        changes={"amount_cents": amount_cents, "method": way, "reason": reason},
    )
    return refund


def _way_back(order: Order, method: str | None) -> str:
    """Return the method by which money goes back by hand: the one that is said, or the order's, or by transfer."""
    ways = {way.code: way.means_code for way in payment_queries.refund_methods()}
    if method is not None:
        if method not in ways:
            message = _("Choisissez comment l’argent est rendu.")
            raise Invalid(message, errors={"/method": message})
        return method
    if order.payment_method in ways:
        return order.payment_method
    return next((code for code, means in ways.items() if means != payment_rules.CHEQUE_MEANS), order.payment_method)


def _require_excess(order: Order, amount_cents: int, *, surely_due: bool) -> None:
    """Raise ``FallsDue`` where nobody said that an order that stands may owe again what it is given back."""
    again = amount_cents - order.overpaid_cents
    if again > 0 and order.status is OrderStatus.CONFIRMED and not order.paid_without_seat and not surely_due:
        message = _(
            "La commande est en cours : %(amount)s seraient de nouveau à régler. Pour ne plus les demander, faites un "
            "avoir.",
            amount=i18n.money(again),
        )
        raise FallsDue(message, errors={"/amount": message})


def _require_sensible(order: Order, *, amount_cents: int, refunded_on: date, now: datetime) -> None:
    if not 0 < amount_cents <= order.paid_cents - order.refunded_cents:
        message = _("Le remboursement dépasse ce qui a été payé.")
        raise Invalid(message, errors={"/amount": message})
    payment_rules.require_plausible_date(
        refunded_on, field="refunded_on", ordered_on=clock.local_date(order.placed_at), today=clock.local_date(now)
    )

"""Cancelling an order, and refunding by hand."""

from datetime import date, datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import mails
from eventsapp.core import clock
from eventsapp.core.errors import Invalid
from eventsapp.invoices import service as invoices
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payment_queries
from eventsapp.payments import rules as payment_rules
from eventsapp.payments import service as payments
from eventsapp.payments.errors import AlreadyRecorded
from eventsapp.payments.models import Refund
from eventsapp.registrations import service as registrations
from eventsapp.subscriptions import service as subscriptions


def cancel_order(order_id: int, *, reason: str, actor: User, now: datetime) -> Order:
    """Give the seats back, end the subscriptions, credit what was invoiced; money that came in stays to be refunded.

    Raises ``IllegalTransition``.
    """
    order = orders.lock(order_id)
    orders.move(order, OrderStatus.CANCELLED, now=now)
    registrations.release(order.id)
    subscriptions.cancel_of_order(order.id)
    invoices.credit_rest(order, reason=reason, now=now, actor=actor)
    audit.record("orders.cancel", subject=orders.subject(order), now=now, actor=actor, changes={"reason": reason})
    mails.order_cancelled(order, reason=reason, now=now)
    return order


def refund_by_hand(
    order_id: int,
    *,
    amount_cents: int,
    refunded_on: date,
    reason: str,
    actor: User,
    now: datetime,
    form_key: str | None = None,
    surely_new: bool = False,
) -> Refund | None:
    """Record money that the office sent back; return ``None``, and change nothing, when its form was sent before.

    Raises ``Invalid`` for more than is there or a date that cannot be, and ``AlreadyRecorded`` for what looks like
    the same refund, unless it is ``surely_new``.
    """
    order = orders.lock(order_id)
    if form_key is not None and payment_queries.refund_by_form_key(form_key) is not None:
        return None
    _require_sensible(order, amount_cents=amount_cents, refunded_on=refunded_on, now=now)
    if not surely_new and payment_queries.has_refund(order.id, amount_cents=amount_cents, refunded_on=refunded_on):
        raise AlreadyRecorded("Le même remboursement est déjà enregistré : même montant et même date.")
    refund = payments.record_refund(
        order,
        method=order.payment_method,
        amount_cents=amount_cents,
        refunded_on=refunded_on,
        now=now,
        reason=reason,
        form_key=form_key,
        recorded_by_id=actor.id,
    )
    if order.paid_cents == order.refunded_cents:
        order.paid_without_seat = False
    audit.record(
        "payments.refund",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        changes={"amount_cents": amount_cents, "reason": reason},
    )
    return refund


def _require_sensible(order: Order, *, amount_cents: int, refunded_on: date, now: datetime) -> None:
    if not 0 < amount_cents <= order.paid_cents - order.refunded_cents:
        message = _("Le remboursement dépasse ce qui a été payé.")
        raise Invalid(message, errors={"/amount": message})
    payment_rules.require_plausible_date(
        refunded_on, field="refunded_on", ordered_on=clock.local_date(order.placed_at), today=clock.local_date(now)
    )

"""What is claimed of orders: one meaning for the sweep, the list and the order's page."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.dunning import rules
from eventsapp.dunning.models import Reminder, ReminderPause
from eventsapp.dunning.queries._records import rates
from eventsapp.dunning.values import Claim, Interest
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.organisations import rules as organisations
from eventsapp.payments import queries as payments
from eventsapp.payments.models import Payment, Refund
from eventsapp.payments.statuses import PaymentKind, RefundState


def _of_invoices(value: sa.ColumnElement[Any], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(value).where(Invoice.order_id == Order.id, *where).correlate(Order).scalar_subquery()


_IS_INVOICE = Invoice.kind == DocumentKind.INVOICE
#: Invoices less credit notes, in cents; nothing where nothing was invoiced.
_INVOICED = _of_invoices(sa.func.sum(sa.case((_IS_INVOICE, Invoice.total_cents), else_=-Invoice.total_cents)))
_INVOICED_ON = _of_invoices(sa.func.max(Invoice.issued_on), _IS_INVOICE)
#: What is still owed: of the order, but no more than its invoices say after credit notes.
_COSTS = Order.total_cents - Order.credited_cents
OWED = sa.case((_COSTS > _INVOICED, _INVOICED), else_=_COSTS) - (Order.paid_cents - Order.refunded_cents)
LAST_STEP = (
    sa.select(sa.func.max(Reminder.step)).where(Reminder.order_id == Order.id).correlate(Order).scalar_subquery()
)
LAST_SENT_AT = (
    sa.select(sa.func.max(Reminder.sent_at)).where(Reminder.order_id == Order.id).correlate(Order).scalar_subquery()
)
PAUSED_UNTIL = (
    sa.select(sa.func.max(ReminderPause.until))
    .where(
        ReminderPause.lifted_at.is_(None),
        sa.or_(
            ReminderPause.order_id == Order.id,
            sa.and_(
                ReminderPause.order_id.is_(None),
                ReminderPause.customer != "",
                ReminderPause.customer == sa.case((Order.siret != "", Order.siret), else_=Order.email),
            ),
        ),
    )
    .correlate(Order)
    .scalar_subquery()
)
#: A cheque that bounced is talked about, not written about by a machine; one typed by mistake never was one.
BOUNCED = (
    sa.exists()
    .where(Payment.order_id == Order.id, Payment.kind == PaymentKind.REVERSAL, ~Payment.by_mistake)
    .correlate(Order)
)


def claimed() -> sa.ColumnElement[bool]:
    """Money is awaited of a confirmed order, credit notes taken off."""
    return sa.and_(orders.owed(), OWED > 0, Order.due_on.is_not(None))


def late(today: date) -> sa.ColumnElement[bool]:
    """It is awaited longer than the days of grace: ``orders.late``, credit notes taken off."""
    return sa.and_(orders.late(today), OWED > 0)


def columns() -> tuple[Any, ...]:
    """Return what ``claim`` is made from."""
    return (
        OWED.label("owed_cents"),
        Order.due_on,
        Order.tolerated_until,
        _INVOICED_ON.label("invoiced_on"),
        LAST_STEP.label("last_step"),
        LAST_SENT_AT.label("last_sent_at"),
        PAUSED_UNTIL.label("paused_until"),
    )


def claim(row: Any) -> Claim:
    """Return the claim that a row with ``columns`` tells of."""
    return Claim(
        owed_cents=row.owed_cents,
        due_on=row.due_on,
        tolerated_until=row.tolerated_until,
        invoiced_on=row.invoiced_on,
        last_step=row.last_step or 0,
        last_sent_on=clock.local_date(row.last_sent_at) if row.last_sent_at else None,
        paused_until=row.paused_until,
    )


def claim_of(order_id: int) -> Claim | None:
    """Return what is still claimed of an order, or ``None`` when nothing is."""
    row = db.session.execute(
        sa.select(*columns()).select_from(Order).where(Order.id == order_id, claimed())
    ).one_or_none()
    return claim(row) if row else None


def remindable(*, today: date, only: int | None = None) -> Sequence[tuple[int, str, Claim]]:
    """Return key, method and claim of the late orders that a reminder may go to by itself, the oldest debt first.

    Never a trial's, nor one that its buyer withdrew from, whose reminders are paused or whose cheque bounced. ``only``
    asks about one order.
    """
    rows = db.session.execute(
        sa.select(Order.id, Order.payment_method, *columns())
        .where(
            late(today),
            ~Order.is_test,
            Order.withdrawn_at.is_(None),
            sa.func.coalesce(PAUSED_UNTIL, date.min, type_=sa.Date()) < today,
            ~BOUNCED,
            *([Order.id == only] if only is not None else []),
        )
        .order_by(Order.due_on, Order.id)
    ).all()
    return [(row.id, row.payment_method, claim(row)) for row in rows]


def money_moved(order_ids: Collection[int] | sa.Select[Any]) -> Mapping[int, Sequence[tuple[date, int]]]:
    """Return, by order, day and cents of what came in, and of what went back as less than nothing."""
    came = sa.select(Payment.order_id, Payment.received_on.label("day"), Payment.amount_cents).where(
        Payment.order_id.in_(order_ids)
    )
    went = sa.select(Refund.order_id, Refund.refunded_on.label("day"), -Refund.amount_cents).where(
        Refund.order_id.in_(order_ids), Refund.state != RefundState.FAILED
    )
    moved: dict[int, list[tuple[date, int]]] = {}
    for order_id, day, cents in db.session.execute(sa.union_all(came, went)):
        moved.setdefault(order_id, []).append((day, cents))
    return moved


def is_public(order: Order) -> bool:
    """Return whether the buyer is a public body, whose late payment the public procurement code prices."""
    pays_by_mandat = payments.terms_of(order).purchase_order_days is not None
    return organisations.is_public(order.siret, pays_by_mandat=pays_by_mandat)


def interest_of(order: Order, *, today: date) -> Interest | None:
    """Return what a public body owes besides for having paid late, up to ``today`` or to its payment."""
    if not is_public(order):
        return None
    row = db.session.execute(
        sa.select(OWED.label("owed_cents"), Order.due_on).where(
            Order.id == order.id, Order.status == OrderStatus.CONFIRMED
        )
    ).one_or_none()
    if row is None or row.due_on is None:
        return None
    return rules.interest(
        owed_cents=row.owed_cents,
        due_on=row.due_on,
        payments=money_moved([order.id]).get(order.id, ()),
        rates=rates(),
        today=today,
    )

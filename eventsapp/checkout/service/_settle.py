"""Money arrives: by card as Stripe tells it, or by hand as the office types it."""

from datetime import date, datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import mails
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import clock
from eventsapp.orders import queries as order_queries
from eventsapp.orders import rules as order_rules
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payment_queries
from eventsapp.payments import rules as payment_rules
from eventsapp.payments import service as payments
from eventsapp.payments.models import Payment
from eventsapp.payments.statuses import CardSessionStatus, EventOutcome
from eventsapp.payments.values import CardPayment, Event
from eventsapp.registrations import mails as registration_mails
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.study_days.errors import SoldOut
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import service as subscriptions


def settle(
    order_id: int, money: MoneyReceived, *, received_on: date, now: datetime, actor: User | None = None
) -> Payment | None:
    """Count money for an order and let follow what it pays for: seats, subscriptions, the mail.

    Returns ``None``, and changes nothing, when the gateway told the same payment before.
    """
    order = orders.lock(order_id)
    payment = payments.record_payment(
        order,
        method=money.method,
        amount_cents=money.amount_cents,
        received_on=received_on,
        now=now,
        gateway_reference=money.gateway_reference,
        reference=money.reference,
        bank=money.bank,
        payer=money.payer,
        recorded_by_id=actor.id if actor else None,
    )
    if payment is None:
        return None
    audit.record(
        "payments.record",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        by=money.payer or "Stripe",
        changes={"amount_cents": money.amount_cents, "method": money.method, "reference": money.reference},
    )
    if order_rules.is_settled(
        total_cents=order.total_cents, paid_cents=order.paid_cents, refunded_cents=order.refunded_cents
    ):
        _fulfil(order, now=now)
    mails.payment_received(order, payment, now=now)
    return payment


def settle_card(payment: CardPayment, *, now: datetime) -> tuple[EventOutcome, str, Order | None]:
    """Settle what was paid on a page at Stripe; return the outcome, the reason of a refusal, and the order.

    The webhook, the buyer's return and the expiry of a hold all come here: the first one counts.
    """
    order = order_queries.by_reference(payment.reference)
    if order is None:
        return EventOutcome.REFUSED, f"aucune commande {payment.reference!r}", None
    problem = payment_rules.mismatch(
        paid=payment.paid,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        live=payment.live,
        expected_cents=order.total_cents,
        expects_live=gateway.expects_live(),
    )
    if problem:
        return EventOutcome.REFUSED, problem, order
    payments.mark_page(payment.session_id, CardSessionStatus.COMPLETE)
    counted = settle(
        order.id,
        MoneyReceived(
            method=_card_method(order), amount_cents=payment.amount_cents, gateway_reference=payment.payment_id
        ),
        received_on=clock.local_date(now),
        now=now,
    )
    return (EventOutcome.SETTLED if counted else EventOutcome.IGNORED), "", order


def take_event(event: Event, payment: CardPayment | None, *, now: datetime) -> EventOutcome:
    """Deal once with what Stripe tells; ``payment`` is the page as Stripe has it now, whatever the event says.

    What does not fit an order is kept with its reason for the office, and counts nothing.
    """
    kept = payments.keep_event(event, now=now)
    if kept is None:
        return EventOutcome.IGNORED
    if payment is None:
        return kept.outcome
    if payment.paid:
        kept.outcome, kept.detail, order = settle_card(payment, now=now)
        kept.order_id = order.id if order else None
    elif not payment.open:
        payments.mark_page(payment.session_id, CardSessionStatus.EXPIRED)
    return kept.outcome


def _fulfil(order: Order, *, now: datetime) -> None:
    """Give what is paid: the seats held or, if the hold was over, the seats that are left."""
    was_confirmed = order.status is OrderStatus.CONFIRMED
    if order.status is OrderStatus.PENDING:
        orders.move(order, OrderStatus.CONFIRMED, now=now)
        registrations.confirm(order.id)
    elif order.status is OrderStatus.EXPIRED and _seats_taken_again(order, now=now):
        orders.move(order, OrderStatus.CONFIRMED, now=now)
    elif order.status is not OrderStatus.CONFIRMED:
        order.paid_without_seat = True
        return
    order.paid_without_seat = False
    if not was_confirmed:
        registration_mails.seats_confirmed(order, now=now)
    subscriptions.start_of_order(order.id, today=clock.local_date(now), now=now)


def _seats_taken_again(order: Order, *, now: datetime) -> bool:
    days = registration_queries.days_of_order(order.id)
    if any(day.status is not StudyDayStatus.PUBLISHED or day.starts_at <= now for day in days):
        return False
    try:
        registrations.retake(order.id)
    except SoldOut:
        return False
    return True


def _card_method(order: Order) -> str:
    """Return the method under which money from the gateway is counted: the order's, or the one paid online."""
    own = payment_queries.method(order.payment_method)
    if own.online:
        return own.code
    return next(method.code for method in payment_queries.all_methods() if method.online)

"""Writing payments, refunds, what is said with Stripe, and the alerts about it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries
from eventsapp.payments.errors import AlertHandled
from eventsapp.payments.models import CardSession, GatewayEvent, Payment, PaymentAlert, Refund
from eventsapp.payments.statuses import CardSessionStatus, EventOutcome
from eventsapp.payments.values import CardPage, CardPayment, Event


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
    """Count money that came in for a locked order; return ``None`` when the gateway or the form told it before."""
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
) -> Refund | None:
    """Count money that went back for a locked order; return ``None`` when the form told it before."""
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
    )
    db.session.add(refund)
    orders.count_money(order, refunded_cents=amount_cents)
    return refund


def remember_page(
    order_id: int, *, attempt: int, amount_cents: int, page: CardPage | None, expires_at: datetime, now: datetime
) -> None:
    """Keep the page opened under that attempt, or that Stripe refused to open one; twice is the same as once."""
    known = db.session.scalar(
        sa.select(CardSession).where(CardSession.order_id == order_id, CardSession.attempt == attempt)
    )
    if known is not None:
        return
    row = CardSession(
        order_id=order_id,
        attempt=attempt,
        session_id=page.session_id if page else None,
        url=page.url if page else "",
        amount_cents=amount_cents,
        status=CardSessionStatus.OPEN if page else CardSessionStatus.FAILED,
        opened_at=now,
        expires_at=page.expires_at if page else expires_at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same request, at the same moment, was first: Stripe gave both the same page.
        return


def mark_page(session_id: str, status: CardSessionStatus) -> None:
    """Keep what became of a page."""
    db.session.execute(sa.update(CardSession).where(CardSession.session_id == session_id).values(status=status))


def keep_event(event: Event, *, now: datetime) -> GatewayEvent | None:
    """Keep that Stripe told ``event``; return ``None`` when it told it before, or tells it twice at once."""
    kept = GatewayEvent(
        event_id=event.event_id, kind=event.kind, received_at=now, outcome=EventOutcome.IGNORED, detail=""
    )
    try:
        with db.session.begin_nested():
            db.session.add(kept)
    except IntegrityError:
        return None
    return kept


def raise_alert(payment: CardPayment, *, problem: str, order: Order | None, now: datetime) -> None:
    """Keep for the office that a paid page does not fit; told again, it stays one alert."""
    alert = PaymentAlert(
        payment_id=payment.payment_id or payment.session_id,
        reference=payment.reference[:100],
        order_id=order.id if order else None,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        problem=problem,
        raised_at=now,
        note="",
    )
    try:
        with db.session.begin_nested():
            db.session.add(alert)
    except IntegrityError:
        if queries.alert_of_payment(alert.payment_id) is None:
            raise
        return
    audit.record(
        "payments.alert",
        subject=_alert_subject(alert, order),
        now=now,
        by="Stripe",
        changes={"amount_cents": alert.amount_cents, "reason": problem},
    )


def handle_alert(alert_id: int, *, note: str, actor: User, now: datetime) -> None:
    """Write down what was done about an alert, once; raise ``AlertHandled`` when somebody else did."""
    handled = db.session.scalar(
        sa.update(PaymentAlert)
        .where(PaymentAlert.id == alert_id, PaymentAlert.handled_at.is_(None))
        .values(handled_at=now, handled_by_id=actor.id, note=note)
        .returning(PaymentAlert.id)
    )
    if handled is None:
        raise AlertHandled("Cette alerte est déjà traitée.")
    alert = queries.alert(alert_id)
    assert alert is not None  # noqa: S101 - it was just written
    audit.record(
        "payments.handle_alert",
        subject=_alert_subject(alert, alert.order),
        now=now,
        actor=actor,
        changes={"amount_cents": alert.amount_cents, "reason": note},
    )


def _alert_subject(alert: PaymentAlert, order: Order | None) -> tuple[str, int, str]:
    """Return how the history names it: by its order, which its story belongs to, where there is one."""
    return orders.subject(order) if order else ("payment_alert", alert.id, alert.payment_id)

"""Alerts about card payments that do not fit: raised once, dealt with once."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries
from eventsapp.payments.errors import AlertHandled
from eventsapp.payments.models import PaymentAlert
from eventsapp.payments.rules import CURRENCY
from eventsapp.payments.statuses import AlertKind
from eventsapp.payments.values import CardPayment

#: What follows a refund's id in the cause of the alert that, now that it is made, too much went back.
TOO_MUCH = "-made"


def raise_alert(payment: CardPayment, *, problem: str, order: Order | None, now: datetime) -> None:
    """Keep for the office that a paid page does not fit; told again, it stays one alert."""
    alert = PaymentAlert(
        kind=AlertKind.PAYMENT,
        payment_id=payment.payment_id or payment.session_id,
        reference=payment.reference[:100],
        order_id=order.id if order else None,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        problem=problem,
        raised_at=now,
        note="",
    )
    _keep(alert, order, now=now)


def raise_alert_about(
    cause_id: str, *, kind: AlertKind, problem: str, amount_cents: int, order: Order, now: datetime
) -> None:
    """Keep for the office what happened to money of an order at Stripe; once by ``cause_id``, however often told."""
    alert = PaymentAlert(
        kind=kind,
        payment_id=cause_id,
        reference=order.reference,
        order_id=order.id,
        amount_cents=amount_cents,
        currency=CURRENCY,
        problem=problem,
        raised_at=now,
        note="",
    )
    _keep(alert, order, now=now)


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


def close_too_much(order: Order, *, note: str, now: datetime) -> None:
    """Close the alerts that wait only because too much went back for a locked order, which is no longer so."""
    for alert in queries.open_alerts_of(order.id, ending=TOO_MUCH):
        alert.handled_at, alert.note = now, note
        audit.record(
            "payments.handle_alert",
            subject=_alert_subject(alert, order),
            now=now,
            by="Stripe",
            changes={"amount_cents": alert.amount_cents, "reason": note},
        )


def _keep(alert: PaymentAlert, order: Order | None, *, now: datetime) -> None:
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
        changes={"amount_cents": alert.amount_cents, "reason": alert.problem},
    )


def _alert_subject(alert: PaymentAlert, order: Order | None) -> tuple[str, int, str]:
    """Return how the history names it: by its order, which its story belongs to, where there is one."""
    return orders.subject(order) if order else ("payment_alert", alert.id, alert.payment_id)

"""Money that goes back to cards: asked of Stripe, made on its own pages, or taken back by the card's bank."""

import secrets
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, french
from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries, rules
from eventsapp.payments.errors import RefundClosed
from eventsapp.payments.models import Dispute, Payment, Refund
from eventsapp.payments.service._alerts import raise_alert_about
from eventsapp.payments.service._journal import enter_refund
from eventsapp.payments.service._record import record_refund
from eventsapp.payments.statuses import AlertKind, RefundState
from eventsapp.payments.values import CardDispute, CardRefund


def write_refund(
    order: Order,
    payment: Payment,
    *,
    amount_cents: int,
    reason: str,
    now: datetime,
    form_key: str | None = None,
    recorded_by_id: int | None = None,
) -> Refund | None:
    """Write down and count what goes back of a card payment of a locked order, for Stripe to be asked afterwards.

    Returns ``None`` when the form told it before.
    """
    return record_refund(
        order,
        method=payment.method,
        amount_cents=amount_cents,
        refunded_on=clock.local_date(now),
        now=now,
        reason=reason[:300],
        form_key=form_key,
        recorded_by_id=recorded_by_id,
        state=RefundState.ASKED,
        payment_id=payment.id,
        request_key=secrets.token_urlsafe(24),
    )


def take_refund(order: Order, payment: Payment, found: CardRefund, *, now: datetime) -> bool:
    """Keep how a refund of a locked order stands at Stripe; return whether that is new.

    One that was made on Stripe's own pages is counted, and the office is told that a credit note is due.
    """
    row = queries.refund_at_gateway(request_key=found.request_key, refund_id=found.refund_id)
    if row is None:
        return found.state is not RefundState.FAILED and _count_stranger(order, payment, found, now=now)
    if row.gateway_reference is None:
        row.gateway_reference = found.refund_id
    if row.state is found.state or (row.state is RefundState.FAILED and not _was_given_up(row, found)):
        return False
    if found.state is RefundState.FAILED:
        fail_refund(order, row, reason=found.failure, now=now)
        return True
    if found.state is not RefundState.DONE:
        return False
    if row.state is RefundState.FAILED:
        row.failure = ""
        orders.count_money(order, refunded_cents=row.amount_cents)
    row.state = RefundState.DONE
    row.refunded_on = _day(found.made_at, now=now)
    enter_refund(order, row, now=now)
    audit.record(
        "payments.refund_card",
        subject=orders.subject(order),
        now=now,
        by="Stripe",
        changes={"amount_cents": row.amount_cents, "reason": row.reason},
    )
    return True


def fail_refund(order: Order, refund: Refund, *, reason: str, now: datetime) -> None:
    """Count a refund of a locked order no more, and tell the office that it is to be made another way."""
    was_done = refund.state is RefundState.DONE
    refund.state = RefundState.FAILED
    refund.failure = reason[:300]
    orders.count_money(order, refunded_cents=-refund.amount_cents)
    if was_done:
        enter_refund(order, refund, now=now, failed=True)
    amount = french.money(refund.amount_cents)
    raise_alert_about(
        f"refund-{refund.id}",
        kind=AlertKind.REFUND_FAILED,
        problem=f"le remboursement de {amount} n’a pas eu lieu : {reason or 'refusé'}",
        amount_cents=refund.amount_cents,
        order=order,
        now=now,
    )


def ask_later(order: Order, refund: Refund, *, reason: str, now: datetime) -> None:
    """Note that Stripe answered a refund of a locked order with an error; the office is told when it goes on."""
    refund.tries += 1
    refund.ask_at = rules.next_ask(now, tries=refund.tries)
    if refund.tries != rules.TRIES:
        return
    amount = french.money(refund.amount_cents)
    raise_alert_about(
        f"refund-{refund.id}-stuck",
        kind=AlertKind.REFUND_STUCK,
        problem=f"le remboursement de {amount} n’est pas confirmé après {rules.TRIES} essais ; "
        f"Stripe répond : {reason}",
        amount_cents=refund.amount_cents,
        order=order,
        now=now,
    )


def ask_after_others(refund_id: int, *, now: datetime) -> None:
    """Ask for that refund again at once, but after those that wait already: Stripe did not answer."""
    db.session.execute(
        sa.update(Refund).where(Refund.id == refund_id, Refund.state == RefundState.ASKED).values(ask_at=now)
    )


def give_up_refund(order: Order, refund: Refund, *, actor: User, now: datetime) -> None:
    """Count a refund of a locked order no more because the office saw that Stripe made none; raise ``RefundClosed``.

    Should Stripe tell of it after all, it is counted again (``take_refund``).
    """
    if refund.state is not RefundState.ASKED:
        raise RefundClosed(_("Stripe a répondu entre-temps : ce remboursement n’attend plus."))
    refund.state = RefundState.FAILED
    refund.failure = "abandonné par le bureau"
    orders.count_money(order, refunded_cents=-refund.amount_cents)
    audit.record(
        "payments.give_up_refund",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        changes={"amount_cents": refund.amount_cents, "reason": refund.reason},
    )


def try_another_key(refund_id: int, *, attempt: int) -> None:
    """Ask for that refund under another key the next time, unless somebody did so since ``attempt``."""
    db.session.execute(
        sa.update(Refund).where(Refund.id == refund_id, Refund.attempt == attempt).values(attempt=attempt + 1)
    )


def take_dispute(order: Order, payment: Payment, found: CardDispute, *, now: datetime) -> bool:
    """Keep how a dispute about a payment of a locked order stands; return whether that is new.

    The office is told when it opens. One that is lost is money that went back, and a credit note is due.
    """
    row = queries.dispute(found.dispute_id)
    if row is not None and row.status == found.status:
        return False
    if row is None:
        row = Dispute(
            dispute_id=found.dispute_id,
            payment_id=payment.id,
            amount_cents=found.amount_cents,
            reason=found.reason,
            status=found.status,
            answer_by=found.answer_by,
            told_at=now,
        )
        db.session.add(row)
        _tell_of_dispute(order, found, now=now)
    else:
        row.status, row.answer_by, row.told_at = found.status, found.answer_by, now
    if found.lost and queries.refund_at_gateway(request_key="", refund_id=found.dispute_id) is None:
        _count_lost(order, payment, found, now=now)
    return True


def _day(at: datetime | None, *, now: datetime) -> date:
    """Return the day of ``at`` where the seller is: by Stripe's clock, which may be a moment ahead of ours."""
    return clock.local_date(min(at or now, now))


def _was_given_up(row: Refund, found: CardRefund) -> bool:
    """Return whether Stripe made a refund that we stopped counting; what was done and failed afterwards has ended."""
    return found.state is RefundState.DONE and not queries.is_in_journal(row.id)


def _count_stranger(order: Order, payment: Payment, found: CardRefund, *, now: datetime) -> bool:
    record_refund(
        order,
        method=payment.method,
        amount_cents=found.amount_cents,
        refunded_on=_day(found.made_at, now=now),
        now=now,
        reason="Remboursé chez Stripe",
        gateway_reference=found.refund_id,
        state=found.state,
        payment_id=payment.id,
        # So that one that is not at its end yet is asked about again.
        request_key=found.request_key or f"stripe-{found.refund_id}"[:64],
    )
    amount = french.money(found.amount_cents)
    raise_alert_about(
        found.refund_id,
        kind=AlertKind.REFUND,
        problem=f"{amount} remboursés chez Stripe, sans passer par la commande",
        amount_cents=found.amount_cents,
        order=order,
        now=now,
    )
    return True


def _tell_of_dispute(order: Order, found: CardDispute, *, now: datetime) -> None:
    amount = french.money(found.amount_cents)
    until = (
        f", réponse attendue avant le {french.date_long(clock.local_date(found.answer_by))}" if found.answer_by else ""
    )
    raise_alert_about(
        found.dispute_id,
        kind=AlertKind.DISPUTE,
        problem=f"paiement de {amount} contesté par le porteur de la carte ({found.reason}){until}",
        amount_cents=found.amount_cents,
        order=order,
        now=now,
    )


def _count_lost(order: Order, payment: Payment, found: CardDispute, *, now: datetime) -> None:
    record_refund(
        order,
        method=payment.method,
        amount_cents=found.amount_cents,
        refunded_on=_day(found.taken_at, now=now),
        now=now,
        reason="Contestation perdue",
        gateway_reference=found.dispute_id,
        payment_id=payment.id,
    )
    amount = french.money(found.amount_cents)
    raise_alert_about(
        f"{found.dispute_id}-lost",
        kind=AlertKind.DISPUTE_LOST,
        problem=f"contestation perdue : {amount} repris par la banque du porteur",
        amount_cents=found.amount_cents,
        order=order,
        now=now,
    )

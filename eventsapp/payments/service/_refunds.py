"""Money that goes back to cards: asked of Stripe, made on its own pages, or taken back by the card's bank."""

import secrets
from collections.abc import Mapping
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
from eventsapp.payments.service._alerts import TOO_MUCH, close_too_much, raise_alert_about
from eventsapp.payments.service._journal import enter_payment, enter_refund
from eventsapp.payments.service._record import move_piece, record_refund
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


def take_refund(locked: Mapping[int, Order], payment: Payment, found: CardRefund, *, now: datetime) -> bool:
    """Keep how a refund stands at Stripe; return whether that is new.

    ``locked`` are the orders in which money of the payment lies (``queries.orders_of_card_payment``), by key. One that
    was made on Stripe's own pages is counted where the card was charged, and the office told that a credit note is due.
    The office is told as well when one that we asked for turns out to be too much, once it is made.
    """
    row = queries.refund_at_gateway(request_key=found.request_key, refund_id=found.refund_id)
    if row is None:
        return found.state is not RefundState.FAILED and _count_stranger(locked, payment, found, now=now)
    order = locked[row.order_id]
    if row.gateway_reference is None:
        row.gateway_reference = found.refund_id
    if row.state is found.state or (row.state is RefundState.FAILED and not _was_given_up(row, found)):
        return False
    if found.state is RefundState.FAILED:
        fail_refund(order, row, reason=found.failure, now=now)
        return True
    if found.state is not RefundState.DONE:
        return False
    was_given_up = row.state is RefundState.FAILED
    if was_given_up:
        row.failure = ""
        orders.count_money(order, refunded_cents=row.amount_cents)
    row.state = RefundState.DONE
    row.refunded_on = _day(found.made_at, now=now)
    enter_refund(order, row, now=now)
    _tell_history("payments.refund_card", order, row, reason=row.reason, now=now)
    if too_much := _too_much(order):
        late = ", après avoir cessé de compter" if was_given_up else ""
        raise_alert_about(
            f"{found.refund_id}{TOO_MUCH}",
            kind=AlertKind.REFUND,
            problem=f"le remboursement de {french.money(row.amount_cents)} a eu lieu chez Stripe{late}{too_much}",
            amount_cents=row.amount_cents,
            order=order,
            now=now,
        )
    return True


def fail_refund(order: Order, refund: Refund, *, reason: str, now: datetime) -> None:
    """Count a refund of a locked order no more, and tell the office that it is to be made another way."""
    was_done = refund.state is RefundState.DONE
    refund.state = RefundState.FAILED
    refund.failure = rules.refund_refusal(reason)[:300]
    orders.count_money(order, refunded_cents=-refund.amount_cents)
    if was_done:
        enter_refund(order, refund, now=now, failed=True)
        if not _too_much(order):
            close_too_much(order, note="Un remboursement a échoué depuis : plus rien n’est rendu en trop.", now=now)
    _tell_history("payments.refund_failed", order, refund, reason=refund.failure, now=now)
    amount = french.money(refund.amount_cents)
    raise_alert_about(
        f"refund-{refund.id}",
        kind=AlertKind.REFUND_FAILED,
        problem=f"le remboursement de {amount} n’a pas eu lieu : {refund.failure}",
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
        f"Stripe répond par une erreur ({reason})",
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

    Should Stripe tell of it after all, it is counted again (``take_refund``); the office is told when that is too much.
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


def take_dispute(locked: Mapping[int, Order], payment: Payment, found: CardDispute, *, now: datetime) -> bool:
    """Keep how a dispute about a payment stands; return whether that is new. ``locked``: see ``take_refund``.

    The office is told when it opens. One that is lost is money that went back, and a credit note is due.
    """
    order = locked[payment.order_id]
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
        _count_lost(locked, payment, found, now=now)
    return True


def _day(at: datetime | None, *, now: datetime) -> date:
    """Return the day of ``at`` where the seller is: by Stripe's clock, which may be a moment ahead of ours."""
    return clock.local_date(min(at or now, now))


def _was_given_up(row: Refund, found: CardRefund) -> bool:
    """Return whether Stripe made a refund that we stopped counting; what was done and failed afterwards has ended."""
    return found.state is RefundState.DONE and not queries.is_in_journal(row.id)


def _count_stranger(locked: Mapping[int, Order], payment: Payment, found: CardRefund, *, now: datetime) -> bool:
    order = locked[payment.order_id]
    _bring_back(locked, payment, found.amount_cents, cause_id=found.refund_id, kind=AlertKind.REFUND, now=now)
    refund = record_refund(
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
    if refund is not None and refund.state is RefundState.DONE:
        _tell_history("payments.refund_card", order, refund, reason=refund.reason, now=now)
    amount = french.money(found.amount_cents)
    raise_alert_about(
        found.refund_id,
        kind=AlertKind.REFUND,
        problem=f"{amount} remboursés chez Stripe, sans passer par la commande{_too_much(order)}",
        amount_cents=found.amount_cents,
        order=order,
        now=now,
    )
    return True


def _bring_back(
    locked: Mapping[int, Order], payment: Payment, amount_cents: int, *, cause_id: str, kind: AlertKind, now: datetime
) -> None:
    """Have so much of a card payment in its own order, out of those that it was moved to: the card took it there."""
    home = locked[payment.order_id]
    missing = amount_cents - _lying(home, payment)
    for order in sorted((other for other in locked.values() if other is not home), key=lambda other: -other.id):
        part = min(missing, _lying(order, payment))
        if part <= 0:
            continue
        missing -= part
        reason = f"Repris par la carte de la commande {home.reference}"
        for changed, row in move_piece(
            order,
            home,
            origin=payment,
            amount_cents=part,
            moved_on=clock.local_date(now),
            reason=reason,
            now=now,
            recorded_by_id=None,
        ):
            enter_payment(changed, row, now=now)
            audit.record(
                "payments.move",
                subject=orders.subject(changed),
                now=now,
                by="Stripe",
                changes={"amount_cents": row.amount_cents, "reference": row.reference, "reason": reason},
            )
        raise_alert_about(
            f"{cause_id}-{order.reference}",
            kind=kind,
            problem=f"{french.money(part)} venus de la commande {home.reference} sont repris par sa carte"
            f"{_too_much(order)}",
            amount_cents=part,
            order=order,
            now=now,
        )


def _lying(order: Order, payment: Payment) -> int:
    """Return how much of a card payment lies in an order, in cents."""
    return sum(cents for found, cents in queries.card_money_left(order.id) if found.id == payment.id)


def _too_much(order: Order) -> str:
    """Return how an alert goes on where more went back for an order than came in; nothing, where it did not.

    What Stripe does by itself knows nothing of what the office gave back by hand: the buyer may have both. What Stripe
    is only asked for counts in the order, and not here: it may refuse, and tells when it has made it (``take_refund``).
    """
    cents = queries.cents_given_back(order.id) - order.paid_cents
    return f" ; en tout, {french.money(cents)} ont été rendus en trop" if cents > 0 else ""


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


def _count_lost(locked: Mapping[int, Order], payment: Payment, found: CardDispute, *, now: datetime) -> None:
    order = locked[payment.order_id]
    _bring_back(locked, payment, found.amount_cents, cause_id=found.dispute_id, kind=AlertKind.DISPUTE_LOST, now=now)
    refund = record_refund(
        order,
        method=payment.method,
        amount_cents=found.amount_cents,
        refunded_on=_day(found.taken_at, now=now),
        now=now,
        reason="Contestation perdue",
        gateway_reference=found.dispute_id,
        payment_id=payment.id,
    )
    if refund is not None:
        _tell_history("payments.dispute_lost", order, refund, reason=found.reason, now=now)
    amount = french.money(found.amount_cents)
    raise_alert_about(
        f"{found.dispute_id}-lost",
        kind=AlertKind.DISPUTE_LOST,
        problem=f"contestation perdue : {amount} repris par la banque du porteur{_too_much(order)}",
        amount_cents=found.amount_cents,
        order=order,
        now=now,
    )


def _tell_history(action: str, order: Order, refund: Refund, *, reason: str, now: datetime) -> None:
    """Write the history's line about money that moved at Stripe: one a movement, as about money by hand."""
    audit.record(
        action,
        subject=orders.subject(order),
        now=now,
        by="Stripe",
        changes={"amount_cents": refund.amount_cents, "reason": reason},
    )

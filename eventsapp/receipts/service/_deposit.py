"""Cheques taken to the bank."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.payments.models import BankLine, Deposit, Payment
from eventsapp.payments.statuses import BankLineStatus
from eventsapp.receipts import queries, rules
from eventsapp.receipts.errors import LineHandled, NotDepositable, SlipNotCancellable
from eventsapp.receipts.service._lines import take_line


def deposit(payment_ids: Collection[int], *, deposited_on: date, actor: User, now: datetime) -> Deposit:
    """Put cheques on one slip, each on one only.

    Raises ``NotDepositable`` when one is on another or bounced meanwhile, and ``Invalid`` for a day that cannot be.
    """
    # What a cheque pays is kept from whoever would take the cheque back meanwhile; then it is asked what waits.
    for order_id in sorted({payment.order_id for payment in _waiting(payment_ids)}):
        orders.lock(order_id)
    chosen = _waiting(payment_ids)
    if not chosen or len(chosen) != len(payment_ids):
        raise NotDepositable("Choisissez des chèques qui ne sont encore sur aucun bordereau.")
    last = max(payment.received_on for payment in chosen)
    rules.require_deposit_day(deposited_on, received_on=last, today=clock.local_date(now))
    # A refusal leaves nothing half done, whatever its page answers.
    with db.session.begin_nested():
        return _write(chosen, deposited_on=deposited_on, actor=actor, now=now)


def cancel_deposit(deposit_id: int, *, actor: User, now: datetime) -> Deposit:
    """Undo a slip made by mistake: its cheques wait for the bank again, it stays under its number as cancelled.

    Raises ``SlipNotCancellable``.
    """
    # What a cheque of the slip pays is kept from whoever would take the cheque back meanwhile.
    for order_id in sorted({payment.order_id for payment in queries.cheques_of(deposit_id)}):
        orders.lock(order_id)
    cheques = queries.cheques_of(deposit_id)
    if queries.any_reversed(payment.id for payment in cheques):
        raise SlipNotCancellable("La banque a rejeté un chèque de ce bordereau : elle l’a donc bien reçu.")
    slip: Deposit | None = db.session.scalar(
        sa.update(Deposit)
        .where(Deposit.id == deposit_id, Deposit.cancelled_at.is_(None), Deposit.bank_line_id.is_(None))
        .values(cancelled_at=now, cancelled_by_id=actor.id)
        .returning(Deposit)
    )
    if slip is None:
        raise SlipNotCancellable("Ce bordereau est déjà annulé, ou rapproché du relevé de la banque.")
    db.session.execute(sa.update(Payment).where(Payment.deposit_id == slip.id).values(deposit_id=None))
    audit.record(
        "payments.cancel_deposit",
        subject=("deposit", slip.id, f"Remise n° {slip.id}"),
        now=now,
        actor=actor,
        changes={
            "amount_cents": slip.total_cents,
            "cheques": [f"{payment.reference} {payment.order.reference}".strip() for payment in cheques],
        },
    )
    return slip


def match_deposit(line_id: int, deposit_id: int, *, actor: User, now: datetime) -> Deposit:
    """Say that a line of the statement is the bank's receipt of a slip, of the same amount.

    It moves no money: the cheques were counted when they came. Raises ``LineHandled``.
    """
    # A refusal leaves nothing half done, whatever its page answers.
    with db.session.begin_nested():
        line = take_line(line_id, BankLineStatus.MATCHED, actor=actor, now=now)
        return _match(line, deposit_id, actor=actor, now=now)


def _match(line: BankLine, deposit_id: int, *, actor: User, now: datetime) -> Deposit:
    slip: Deposit | None = db.session.scalar(
        sa.update(Deposit)
        .where(
            Deposit.id == deposit_id,
            Deposit.cancelled_at.is_(None),
            Deposit.bank_line_id.is_(None),
            Deposit.total_cents == line.amount_cents,
        )
        .values(bank_line_id=line.id)
        .returning(Deposit)
    )
    if slip is None:
        raise LineHandled("Ce bordereau est annulé, rapproché déjà, ou d’un autre montant.")
    audit.record(
        "payments.match_deposit",
        subject=("deposit", slip.id, f"Remise n° {slip.id}"),
        now=now,
        actor=actor,
        changes={"amount_cents": slip.total_cents, "booked_on": line.booked_on.isoformat()},
    )
    return slip


def _waiting(payment_ids: Collection[int]) -> list[Payment]:
    waiting = {payment.id: payment for payment in queries.cheques_to_deposit()}
    return [waiting[key] for key in payment_ids if key in waiting]


def _write(chosen: Sequence[Payment], *, deposited_on: date, actor: User, now: datetime) -> Deposit:
    slip = Deposit(
        deposited_on=deposited_on,
        recorded_at=now,
        recorded_by_id=actor.id,
        cheques=len(chosen),
        total_cents=sum(payment.amount_cents for payment in chosen),
        is_test=any(payment.order.is_test for payment in chosen),
    )
    db.session.add(slip)
    db.session.flush()
    reversal = aliased(Payment)
    taken = db.session.scalars(
        sa.update(Payment)
        .where(
            Payment.id.in_([payment.id for payment in chosen]),
            Payment.deposit_id.is_(None),
            ~sa.exists().where(reversal.reverses_id == Payment.id),
        )
        .values(deposit_id=slip.id)
        .returning(Payment.id)
    ).all()
    if len(taken) != len(chosen):
        raise NotDepositable("Un de ces chèques vient d’être mis sur un autre bordereau, ou rejeté.")
    audit.record(
        "payments.deposit",
        subject=("deposit", slip.id, f"Remise n° {slip.id}"),
        now=now,
        actor=actor,
        changes={"amount_cents": slip.total_cents, "cheques": slip.cheques},
    )
    return slip

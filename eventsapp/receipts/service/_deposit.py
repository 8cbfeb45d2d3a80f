"""Cheques taken to the bank."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.payments.models import Deposit, Payment
from eventsapp.receipts import queries
from eventsapp.receipts.errors import NotDepositable


def deposit(payment_ids: Collection[int], *, deposited_on: date, actor: User, now: datetime) -> Deposit:
    """Put cheques on one slip, each on one only; raise ``NotDepositable`` when one is on another meanwhile."""
    waiting = {payment.id: payment for payment in queries.cheques_to_deposit()}
    chosen = [waiting[key] for key in payment_ids if key in waiting]
    if not chosen or len(chosen) != len(payment_ids):
        raise NotDepositable("Choisissez des chèques qui ne sont encore sur aucun bordereau.")
    # A refusal leaves nothing half done, whatever its page answers.
    with db.session.begin_nested():
        return _write(chosen, deposited_on=deposited_on, actor=actor, now=now)


def _write(chosen: Sequence[Payment], *, deposited_on: date, actor: User, now: datetime) -> Deposit:
    slip = Deposit(
        deposited_on=deposited_on,
        recorded_at=now,
        recorded_by_id=actor.id,
        cheques=len(chosen),
        total_cents=sum(payment.amount_cents for payment in chosen),
    )
    db.session.add(slip)
    db.session.flush()
    taken = db.session.scalars(
        sa.update(Payment)
        .where(Payment.id.in_([payment.id for payment in chosen]), Payment.deposit_id.is_(None))
        .values(deposit_id=slip.id)
        .returning(Payment.id)
    ).all()
    if len(taken) != len(chosen):
        raise NotDepositable("Un de ces chèques vient d’être mis sur un autre bordereau.")
    audit.record(
        "payments.deposit",
        subject=("deposit", slip.id, f"Remise n° {slip.id}"),
        now=now,
        actor=actor,
        changes={"amount_cents": slip.total_cents, "cheques": slip.cheques},
    )
    return slip

"""The lines of the bank's statement."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventsapp.core.db import db
from eventsapp.payments.models import BankLine, Deposit, Payment
from eventsapp.payments.statuses import BankLineStatus, PaymentKind

#: Lines shown on one page; the rest follows as they are dealt with.
MOST_SHOWN = 50
_BATCH = 500


def bank_line(line_id: int) -> BankLine | None:
    """Return that line while nothing was done about it, or ``None``."""
    return db.session.scalar(sa.select(BankLine).where(BankLine.id == line_id, BankLine.status == BankLineStatus.OPEN))


def open_lines() -> tuple[Sequence[BankLine], int]:
    """Return the lines that nobody dealt with, the oldest first, and how many there are in all."""
    waiting = BankLine.status == BankLineStatus.OPEN
    shown = db.session.scalars(
        sa.select(BankLine).where(waiting).order_by(BankLine.booked_on, BankLine.id).limit(MOST_SHOWN)
    ).all()
    total = db.session.scalar(sa.select(sa.func.count()).select_from(BankLine).where(waiting)) or 0
    return shown, total


def handled_line(line_id: int) -> BankLine | None:
    """Return that line when something was done about it, or ``None``."""
    return db.session.scalar(sa.select(BankLine).where(BankLine.id == line_id, BankLine.status != BankLineStatus.OPEN))


def handled_lines(status: BankLineStatus) -> Sequence[BankLine]:
    """Return the lines with which somebody dealt like this, the last one first."""
    return db.session.scalars(
        sa.select(BankLine)
        .where(BankLine.status == status)
        .order_by(BankLine.handled_at.desc(), BankLine.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def count_lines() -> dict[BankLineStatus, int]:
    """Return how many lines there are of each kind."""
    rows = db.session.execute(sa.select(BankLine.status, sa.func.count()).group_by(BankLine.status))
    return dict(rows.all())


def standing_payments_of(line_id: int) -> Sequence[Payment]:
    """Return what a line was counted for and that was not taken back as a mistake; with orders."""
    return db.session.scalars(_standing(Payment.bank_line_id == line_id)).all()


def paid_by_lines(line_ids: Collection[int]) -> dict[int, list[Payment]]:
    """Return, by line, what each was counted for and that was not taken back as a mistake; with orders."""
    found: dict[int, list[Payment]] = {}
    for payment in db.session.scalars(_standing(Payment.bank_line_id.in_(line_ids))):
        found.setdefault(payment.bank_line_id or 0, []).append(payment)
    return found


def slips_of_lines(line_ids: Collection[int]) -> dict[int, Deposit]:
    """Return, by line, the slip of which each is the bank's receipt."""
    slips = db.session.scalars(sa.select(Deposit).where(Deposit.bank_line_id.in_(line_ids)))
    return {slip.bank_line_id: slip for slip in slips if slip.bank_line_id is not None}


def _standing(condition: sa.ColumnElement[bool]) -> sa.Select[Payment]:
    reversal = aliased(Payment)
    return (
        sa.select(Payment)
        .where(
            condition,
            Payment.kind == PaymentKind.RECEIVED,
            ~sa.exists().where(reversal.reverses_id == Payment.id, reversal.by_mistake),
        )
        .options(joinedload(Payment.order))
        .order_by(Payment.id)
    )


def known_fingerprints(marks: Sequence[str]) -> Collection[str]:
    """Return those of the marks that a line kept before has."""
    known: set[str] = set()
    for start in range(0, len(marks), _BATCH):
        batch = marks[start : start + _BATCH]
        known |= set(db.session.scalars(sa.select(BankLine.fingerprint).where(BankLine.fingerprint.in_(batch))))
    return known

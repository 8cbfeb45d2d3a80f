"""The lines of the bank's statement."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.payments.models import BankLine
from eventsapp.payments.statuses import BankLineStatus

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


def known_fingerprints(marks: Sequence[str]) -> Collection[str]:
    """Return those of the marks that a line kept before has."""
    known: set[str] = set()
    for start in range(0, len(marks), _BATCH):
        batch = marks[start : start + _BATCH]
        known |= set(db.session.scalars(sa.select(BankLine.fingerprint).where(BankLine.fingerprint.in_(batch))))
    return known

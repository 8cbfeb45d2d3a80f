"""Lines of the statement, each dealt with once, unless that is undone."""

from datetime import datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.payments.models import BankLine
from eventsapp.payments.statuses import BankLineStatus
from eventsapp.receipts import queries
from eventsapp.receipts.errors import LineHandled


def take_line(line_id: int, status: BankLineStatus, *, actor: User, now: datetime) -> BankLine:
    """Deal with a line that nobody dealt with before; raise ``LineHandled``."""
    line: BankLine | None = db.session.scalar(
        sa.update(BankLine)
        .where(BankLine.id == line_id, BankLine.status == BankLineStatus.OPEN)
        .values(status=status, handled_at=now, handled_by_id=actor.id)
        .returning(BankLine)
    )
    if line is None:
        raise LineHandled("Cette ligne du relevé est déjà traitée.")
    return line


def release_line(line_id: int) -> None:
    """Let a line wait again of which no payment stands; the orders that it paid are locked."""
    if not queries.standing_payments_of(line_id):
        db.session.execute(
            sa.update(BankLine)
            .where(BankLine.id == line_id)
            .values(status=BankLineStatus.OPEN, handled_at=None, handled_by_id=None)
        )

"""Reading the history."""

from collections.abc import Sequence

import sqlalchemy as sa

from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db


def history_of(kind: str, key: int, *, most: int = 100) -> Sequence[AuditEntry]:
    """Return the last ``most`` lines about one thing, the newest first."""
    return db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == key)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(most)
    ).all()

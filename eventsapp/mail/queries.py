"""Reading the outbox."""

from collections.abc import Sequence

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail


def mails_about(kind: str, key: int, *, most: int = 50) -> Sequence[OutgoingMail]:
    """Return the last mails about one thing, the newest first."""
    return db.session.scalars(
        sa.select(OutgoingMail)
        .where(OutgoingMail.subject_kind == kind, OutgoingMail.subject_id == key)
        .order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
        .limit(most)
    ).all()

"""Forgetting who waited, long ago."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import LIVE

#: So long somebody who never became a customer is kept after what they did last: three years, as the CNIL has it.
KEPT_FOR = timedelta(days=3 * 365)


def forget_old(*, now: datetime) -> int:
    """Delete the groups that left their list long ago, with what was offered to them; return how many."""
    bound = now - KEPT_FOR
    old = (
        sa.select(WaitingEntry.id)
        .join(StudyDay, StudyDay.id == WaitingEntry.study_day_id)
        .where(
            WaitingEntry.status.not_in(LIVE),
            sa.func.coalesce(WaitingEntry.ended_at, WaitingEntry.joined_at) <= bound,
            # Seats that are given back still look for the group they were kept for.
            StudyDay.ends_at <= now,
        )
    )
    db.session.execute(sa.delete(WaitingOffer).where(WaitingOffer.entry_id.in_(old)))
    gone = db.session.execute(sa.delete(WaitingEntry).where(WaitingEntry.id.in_(old)))
    return int(gone.rowcount)  # type: ignore[attr-defined]

"""Two entries for one person, made one."""

from datetime import datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.speakers import service as speakers
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention
from eventsapp.study_days.service._seats import SCOPE


def merge_speakers(kept: Speaker, *, other: Speaker, actor: User, now: datetime) -> None:
    """Give ``kept`` the interventions of ``other``, which then is gone; where both spoke, one intervention stays.

    What higher rooms point at ``other`` (reports) is moved by their own use cases, before this one.
    """
    both = sa.select(Intervention.session_id).where(Intervention.speaker_id == kept.id)
    db.session.execute(
        sa.delete(Intervention).where(Intervention.speaker_id == other.id, Intervention.session_id.in_(both))
    )
    db.session.execute(sa.update(Intervention).where(Intervention.speaker_id == other.id).values(speaker_id=kept.id))
    unit_of_work.touch(SCOPE)
    speakers.absorb(kept, other=other, actor=actor, now=now)

"""Days whatever their status, for the office."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay


def is_demonstration() -> bool:
    """Return whether days were made up for a demonstration."""
    return db.session.scalar(sa.select(sa.exists().where(StudyDay.is_fictional))) is True


def any_day(slug: str) -> StudyDay | None:
    """Return the day with that slug whatever its status, city and venue loaded, or ``None``."""
    return db.session.scalar(
        sa.select(StudyDay).where(StudyDay.slug == slug).options(joinedload(StudyDay.city), joinedload(StudyDay.venue))
    )

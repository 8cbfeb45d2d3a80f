"""Reading days."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import SHOWN


def shown_day(slug: str) -> StudyDay | None:
    """Return the day with that slug that visitors may see, its rates, city and venue loaded, or ``None``."""
    return db.session.scalar(
        sa.select(StudyDay)
        .where(StudyDay.slug == slug, StudyDay.status.in_(SHOWN))
        .options(selectinload(StudyDay.rates), joinedload(StudyDay.city), joinedload(StudyDay.venue))
    )


def shown_days(slugs: Sequence[str]) -> Sequence[StudyDay]:
    """Return the days with these slugs that visitors may see, rates, city and venue loaded, by date."""
    return (
        db.session.scalars(
            sa.select(StudyDay)
            .where(StudyDay.slug.in_(slugs), StudyDay.status.in_(SHOWN))
            .options(selectinload(StudyDay.rates), joinedload(StudyDay.city), joinedload(StudyDay.venue))
            .order_by(StudyDay.starts_at, StudyDay.id)
        )
        .unique()
        .all()
    )

"""What rates are called."""

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.study_days.models import Rate


def rate_names(study_day_id: int | None = None) -> dict[str, str]:
    """Return code → name of the rates of a day, or of all there are, in their places."""
    found = sa.select(Rate.code, sa.func.min(Rate.name)).group_by(Rate.code)
    if study_day_id is not None:
        found = found.where(Rate.study_day_id == study_day_id)
    return dict(db.session.execute(found.order_by(sa.func.min(Rate.position), Rate.code)).all())

"""Reading registrations."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.orders.models import OrderLine
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import SEATED
from eventsapp.study_days.models import StudyDay


def of_order(order_id: int) -> Sequence[Registration]:
    """Return the registrations of an order, day with city and rate loaded, by day and place in the order."""
    return db.session.scalars(
        sa.select(Registration)
        .join(Registration.order_line)
        .join(Registration.study_day)
        .where(OrderLine.order_id == order_id)
        .options(
            joinedload(Registration.study_day).joinedload(StudyDay.city),
            joinedload(Registration.study_day).joinedload(StudyDay.venue),
            joinedload(Registration.rate),
        )
        .order_by(StudyDay.starts_at, Registration.study_day_id, Registration.position)
    ).all()


def days_of_order(order_id: int) -> Sequence[StudyDay]:
    """Return the days of an order by key: the order in which their seats are always taken."""
    return db.session.scalars(
        sa.select(StudyDay)
        .where(
            StudyDay.id.in_(
                sa.select(Registration.study_day_id).join(Registration.order_line).where(OrderLine.order_id == order_id)
            )
        )
        .order_by(StudyDay.id)
    ).all()


def of_day(study_day_id: int) -> Sequence[Registration]:
    """Return the seats of a day that count, rate and order loaded, by name."""
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.study_day_id == study_day_id, Registration.status.in_(SEATED))
        .options(joinedload(Registration.rate), joinedload(Registration.order_line).joinedload(OrderLine.order))
        .order_by(Registration.last_name, Registration.first_name, Registration.id)
    ).all()


def seats_by_rate(study_day_id: int) -> dict[int, int]:
    """Return how many seats of a day that count were sold at each rate, by the rate's key."""
    rows = db.session.execute(
        sa.select(Registration.rate_id, sa.func.count(Registration.id))
        .where(Registration.study_day_id == study_day_id, Registration.status.in_(SEATED))
        .group_by(Registration.rate_id)
    ).all()
    return dict(rows)

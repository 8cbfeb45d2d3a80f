"""How many came: the one place that says what counts as having come."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from eventsapp.attendance.models import CheckIn
from eventsapp.attendance.queries._tickets import awaited
from eventsapp.attendance.statuses import CONFLICTS, CheckInKind, Outcome
from eventsapp.attendance.values import Counts
from eventsapp.core.db import db
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED, RegistrationStatus

#: What each count counts.
_ARRIVED = Registration.status == RegistrationStatus.ATTENDED
_ABSENT = Registration.status == RegistrationStatus.ABSENT


def counts(study_day_id: int) -> Counts:
    """Return how many are expected at a day, how many came and how many were noted absent."""
    return counts_of_days({study_day_id}).get(study_day_id, Counts())


def counts_of_days(study_day_ids: Collection[int]) -> dict[int, Counts]:
    """Return the same for several days, by key; days without a confirmed seat are left out."""
    rows = db.session.execute(
        sa.select(
            Registration.study_day_id,
            sa.func.count(Registration.id),
            sa.func.count(Registration.id).filter(_ARRIVED),
            sa.func.count(Registration.id).filter(_ABSENT),
        )
        .where(Registration.study_day_id.in_(study_day_ids), Registration.status.in_(CONFIRMED))
        .group_by(Registration.study_day_id)
    )
    return {day_id: Counts(expected, arrived, absent) for day_id, expected, arrived, absent in rows}


def counts_on(study_day_id: int, on: date) -> Counts:
    """Return how many are expected at a day and how many of them came on that date of it: what its door shows."""
    expected, still = db.session.execute(
        sa.select(sa.func.count(Registration.id), sa.func.count(Registration.id).filter(awaited(on))).where(
            Registration.study_day_id == study_day_id, Registration.status.in_(CONFIRMED)
        )
    ).one()
    return Counts(expected, expected - still)


def arrivals(study_day_id: int, *, on: date) -> list[datetime]:
    """Return when people came on that date, in the order of time; those entered from a sheet have no hour."""
    return list(
        db.session.scalars(
            sa.select(CheckIn.at)
            .where(
                CheckIn.study_day_id == study_day_id,
                CheckIn.outcome == Outcome.ADMITTED,
                CheckIn.undone_at.is_(None),
                CheckIn.kind == CheckInKind.IN,
                CheckIn.held_on == on,
            )
            .order_by(CheckIn.at)
        )
    )


def conflicts(study_day_id: int) -> int:
    """Return how many times a ticket let nobody in at a day: what somebody should look at."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(CheckIn.id)).where(
                CheckIn.study_day_id == study_day_id, CheckIn.outcome.in_(CONFLICTS)
            )
        )
        or 0
    )

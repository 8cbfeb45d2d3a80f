"""Which reminders before days are due and were not sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.mailings import rules
from eventsapp.mailings.models import DayReminder, MailingSince, ReminderSent
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.orders.models import OrderLine
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus

#: Dates of the venue's calendar may be a day away from ours.
_AROUND = timedelta(days=max(days for days, _kind in rules.REMINDERS) + 2)
#: Seats that the ledger is asked about in one statement.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDue:
    """A reminder of a day that somebody has not had yet."""

    registration_id: int
    kind: ReminderKind
    #: The date of the day, in its town.
    held_on: date


def reminders_due(*, now: datetime, only: int | None = None) -> list[ReminderDue]:
    """Return every reminder that is due and was not sent, of all seats or of one: three queries.

    Of named, confirmed seats of real orders at days that take place, where the office has not switched it off.
    """
    asked = (
        sa.select(
            Registration.id,
            Registration.named_at,
            Registration.study_day_id,
            StudyDay.held_on,
            StudyDay.starts_at,
            StudyDay.timezone,
        )
        .join(Registration.study_day)
        .where(
            StudyDay.status == StudyDayStatus.PUBLISHED,
            StudyDay.starts_at > now,
            StudyDay.starts_at <= now + _AROUND,
            Registration.status == RegistrationStatus.CONFIRMED,
            Registration.named_at.is_not(None),
            Registration.email != "",
            sa.not_(Registration.is_test),
        )
        .order_by(StudyDay.starts_at, Registration.id)
    )
    rows = db.session.execute(asked if only is None else asked.where(Registration.id == only)).all()
    off = switched_off({row.study_day_id for row in rows})
    due = []
    for row in rows:
        zone = settings.zone(row.timezone)
        kind = rules.reminder_due(
            held_on=row.held_on,
            named_on=row.named_at.astimezone(zone).date(),
            today=now.astimezone(zone).date(),
            has_begun=row.starts_at <= now,
        )
        if kind is not None and (row.study_day_id, kind) not in off:
            due.append(ReminderDue(registration_id=row.id, kind=kind, held_on=row.held_on))
    sent = _sent([each.registration_id for each in due])
    return [each for each in due if (each.registration_id, each.kind, each.held_on) not in sent]


def seat_to_remind(registration_id: int) -> Registration:
    """Return the seat with its order and its day, city and venue loaded, as the database has it now."""
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.id == registration_id)
        .options(
            joinedload(Registration.order_line).joinedload(OrderLine.order),
            joinedload(Registration.rate),
            joinedload(Registration.study_day).options(joinedload(StudyDay.city), joinedload(StudyDay.venue)),
        )
        .execution_options(populate_existing=True)
    ).one()


def reminder_settings(study_day_id: int) -> dict[ReminderKind, DayReminder]:
    """Return what the office says of the reminders of a day; what is not in it leaves as it is."""
    rows = db.session.scalars(sa.select(DayReminder).where(DayReminder.study_day_id == study_day_id))
    return {row.kind: row for row in rows}


def switched_off(day_ids: set[int]) -> set[tuple[int, ReminderKind]]:
    """Return which mails of these days the office has switched off."""
    rows = db.session.execute(
        sa.select(DayReminder.study_day_id, DayReminder.kind).where(
            DayReminder.study_day_id.in_(day_ids), sa.not_(DayReminder.enabled)
        )
    )
    return {(day_id, kind) for day_id, kind in rows}


def begun_before(moment: Any, kind: ReminderKind) -> sa.ColumnElement[bool]:
    """Return what says that mails of that kind left by themselves already when ``moment``, a column, came."""
    since = sa.select(MailingSince.since).where(MailingSince.kind == kind).scalar_subquery()
    return sa.func.coalesce(moment > since, sa.true())


def _sent(seat_ids: Sequence[int]) -> set[tuple[int, ReminderKind, date]]:
    found: set[tuple[int, ReminderKind, date]] = set()
    for first in range(0, len(seat_ids), _AT_ONCE):
        rows = db.session.execute(
            sa.select(ReminderSent.registration_id, ReminderSent.kind, ReminderSent.held_on).where(
                ReminderSent.registration_id.in_(seat_ids[first : first + _AT_ONCE])
            )
        )
        found |= {(key, kind, held_on) for key, kind, held_on in rows}
    return found

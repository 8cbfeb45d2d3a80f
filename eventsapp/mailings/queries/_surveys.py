"""Whom to ask what they thought of a day that is over."""

from datetime import datetime

import sqlalchemy as sa

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.mailings.models import ReminderSent
from eventsapp.mailings.queries._reminders import begun_before
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.surveys import rules as surveys
from eventsapp.surveys.models import Survey, SurveyReply


def surveys_due(*, now: datetime, only: int | None = None) -> list[int]:
    """Return the keys of the seats whose people are to be asked and were not, of all or of one: a query.

    Those who came to a day, from nine o'clock in its town on the day after, while its questionnaire is open and the
    office has not switched it off; who answered already is not asked.
    """
    asked = (
        sa.select(Registration.id, StudyDay.held_until, StudyDay.timezone)
        .join(Registration.study_day)
        .outerjoin(Survey, Survey.study_day_id == StudyDay.id)
        .where(
            StudyDay.status == StudyDayStatus.PUBLISHED,
            StudyDay.ends_at <= now,
            StudyDay.ends_at > now - surveys.OPEN_FOR,
            begun_before(StudyDay.ends_at, ReminderKind.SURVEY),
            sa.or_(Survey.id.is_(None), Survey.enabled),
            registrations.came(),
            Registration.named_at.is_not(None),
            Registration.email != "",
            sa.not_(Registration.is_test),
            ~sa.exists().where(
                ReminderSent.registration_id == Registration.id,
                ReminderSent.kind == ReminderKind.SURVEY,
                ReminderSent.held_on == StudyDay.held_on,
            ),
            ~sa.exists().where(SurveyReply.registration_id == Registration.id),
        )
        .order_by(StudyDay.ends_at, Registration.id)
    )
    rows = db.session.execute(asked if only is None else asked.where(Registration.id == only)).all()
    return [
        row.id for row in rows if surveys.asked_from(last_date=row.held_until, zone=settings.zone(row.timezone)) <= now
    ]

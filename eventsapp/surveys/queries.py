"""Reading questionnaires and what they say."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.surveys import rules
from eventsapp.surveys.models import Survey, SurveyReply
from eventsapp.surveys.values import Results, SurveyQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A day's questionnaire."""

    enabled: bool
    #: Those switched off too.
    questions: tuple[SurveyQuestion, ...]

    @property
    def shown(self) -> list[SurveyQuestion]:
        """What people are asked."""
        return [question for question in self.questions if question.asked]


def survey_of(study_day_id: int) -> Asked:
    """Return what a day asks."""
    row = db.session.scalar(sa.select(Survey).where(Survey.study_day_id == study_day_id))
    if row is None:
        return Asked(enabled=True, questions=rules.STANDARD)
    return Asked(enabled=row.enabled, questions=tuple(SurveyQuestion.read(each) for each in row.questions))


def open_to(seat: Registration, *, now: datetime) -> Asked | None:
    """Return the questionnaire that whose seat it is may answer now, or ``None``; its day is loaded.

    No query before the day is over, or once it is closed.
    """
    day = seat.study_day
    if day.status is not StudyDayStatus.PUBLISHED or not rules.is_open(ends_at=day.ends_at, now=now):
        return None
    if not seat.is_named or not _came(seat.id):
        return None
    survey = survey_of(day.id)
    return survey if survey.enabled and survey.shown else None


def reply_of(registration_id: int) -> dict[str, str]:
    """Return what somebody answered so far."""
    answers = db.session.scalar(sa.select(SurveyReply.answers).where(SurveyReply.registration_id == registration_id))
    return answers or {}


def results(study_day_id: int) -> Results:
    """Return what people answered together: three queries, whatever their number."""
    people = db.session.scalar(
        sa.select(sa.func.count(Registration.id)).where(
            Registration.study_day_id == study_day_id,
            registrations.came(),
            Registration.named_at.is_not(None),
        )
    )
    replies = db.session.scalars(sa.select(SurveyReply.answers).where(SurveyReply.study_day_id == study_day_id)).all()
    return Results(
        people=people or 0,
        replies=len(replies),
        questions=rules.results(survey_of(study_day_id).questions, replies),
    )


def _came(registration_id: int) -> bool:
    return bool(
        db.session.scalar(sa.select(Registration.id).where(Registration.id == registration_id, registrations.came()))
    )

"""Saying what a day asks, keeping what is answered, and forgetting whose it was."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.surveys import queries, rules
from eventsapp.surveys.errors import SurveyClosed
from eventsapp.surveys.models import Survey, SurveyReply
from eventsapp.surveys.values import SurveyQuestion


def save_survey(
    day: StudyDay, *, enabled: bool, questions: Sequence[SurveyQuestion], actor: User, now: datetime
) -> None:
    """Say whether a day asks what people thought of it, and what. Raises ``Invalid`` for too many questions."""
    if len(questions) > rules.MOST_QUESTIONS:
        raise Invalid(f"Un questionnaire pose {rules.MOST_QUESTIONS} questions au plus.")
    before = queries.survey_of(day.id)
    row = db.session.scalar(sa.select(Survey).where(Survey.study_day_id == day.id))
    if row is None:
        row = Survey(study_day_id=day.id, questions=[])
        db.session.add(row)
    row.enabled, row.updated_at = enabled, now
    row.questions = [question.kept for question in questions]
    db.session.flush()
    changes = audit.difference(_told(before.enabled, before.questions), _told(enabled, questions))
    if changes:
        audit.record("surveys.edit", subject=("study_day", day.id, day.title), actor=actor, now=now, changes=changes)


def answer(seat: Registration, answers: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what whose seat it is answers, in place of what they answered before; the seat's day is loaded.

    Raises ``SurveyClosed``, and ``Invalid`` with the pointers of what is wrong.
    """
    survey = queries.open_to(seat, now=now)
    if survey is None:
        raise SurveyClosed("Ce questionnaire n’est pas ouvert, ou plus.")
    kept, problems = rules.checked(survey.shown, answers)
    if problems:
        raise Invalid(
            "Certaines réponses sont à corriger.", errors={f"/answers/{code}": told for code, told in problems.items()}
        )
    if _replace(seat.id, kept):
        return
    try:
        with db.session.begin_nested():
            db.session.add(SurveyReply(study_day_id=seat.study_day_id, registration_id=seat.id, answers=kept))
            db.session.flush()
    except IntegrityError:
        # Sent twice at the same moment: the later one counts.
        _replace(seat.id, kept)


def forget_whose(*, now: datetime) -> int:
    """Forget whose the answers are of questionnaires that are closed; return how many that were.

    A second time there is nothing left to forget.
    """
    closed = sa.select(StudyDay.id).where(StudyDay.ends_at <= now - rules.OPEN_FOR)
    forgotten = db.session.execute(
        sa.update(SurveyReply)
        .where(SurveyReply.registration_id.is_not(None), SurveyReply.study_day_id.in_(closed))
        .values(registration_id=None)
        .execution_options(synchronize_session=False)
    )
    return int(forgotten.rowcount)  # type: ignore[attr-defined]


def _replace(registration_id: int, kept: Mapping[str, str]) -> bool:
    replaced = db.session.execute(
        sa.update(SurveyReply).where(SurveyReply.registration_id == registration_id).values(answers=dict(kept))
    )
    return bool(replaced.rowcount)  # type: ignore[attr-defined]


def _told(enabled: bool, questions: Sequence[SurveyQuestion]) -> dict[str, Any]:
    return {"enabled": enabled, "questions": "\n".join(each.label for each in questions if each.asked)}

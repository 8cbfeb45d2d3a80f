"""Reading what the organiser asks."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.study_days.models import Question


def questions_of(study_day_id: int) -> Sequence[Question]:
    """Return every question of a day, the retired ones last, each in its place."""
    return db.session.scalars(
        sa.select(Question)
        .where(Question.study_day_id == study_day_id)
        .order_by(Question.retired_at.is_not(None), Question.position, Question.id)
    ).all()


def questions_asked(study_day_ids: Collection[int]) -> dict[int, list[Question]]:
    """Return what is asked at each of these days now, by the day's key, each in its place."""
    asked: dict[int, list[Question]] = {}
    if study_day_ids:
        for question in db.session.scalars(
            sa.select(Question)
            .where(Question.study_day_id.in_(study_day_ids), Question.retired_at.is_(None))
            .order_by(Question.position, Question.id)
        ):
            asked.setdefault(question.study_day_id, []).append(question)
    return asked


def question_of(study_day_id: int, question_id: int) -> Question | None:
    """Return that question if that day asks it, or asked it."""
    return db.session.scalar(
        sa.select(Question).where(Question.study_day_id == study_day_id, Question.id == question_id)
    )

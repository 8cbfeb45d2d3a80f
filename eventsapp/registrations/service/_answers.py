"""Keeping what people answer to the organiser's questions, and erasing what is kept for a while only."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.files import rules as file_rules
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.registrations import rules
from eventsapp.registrations.models import Answer, Registration
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.study_days.rules import KEEP_DAYS
from eventsapp.study_days.statuses import QuestionKind


def keep_answers(
    answers: Mapping[str, Any],
    *,
    asked: Sequence[Question],
    now: datetime,
    registration_id: int | None = None,
    order_id: int | None = None,
    require: bool = True,
) -> None:
    """Keep the answers to what was ``asked``, in place of former ones; others stay as they are.

    Of a seat, or of an order. Raises ``Invalid`` with the pointers of what is wrong.
    """
    values, problems = rules.checked_answers(asked, answers, require=require)
    for question in asked:
        if question.kind is QuestionKind.FILE and question.code in values:
            problems |= missing_file(question.code, str(values[question.code]))
    if problems:
        raise Invalid(
            _("Certaines données sont à corriger."),
            errors={f"/answers/{code}": told for code, told in problems.items()},
        )
    by_code = {question.code: question for question in asked}
    whose = Answer.registration_id == registration_id if registration_id is not None else Answer.order_id == order_id
    _erase(whose, Answer.question_id.in_([question.id for question in asked]))
    write_answers(
        {registration_id: values} if registration_id is not None else {},
        of_orders={order_id: values} if order_id is not None else {},
        questions=by_code,
        now=now,
    )


def put_aside(data: bytes, *, name: str) -> str:
    """Keep a file that answers a question until its form is valid. Raises ``FileRefused``."""
    return files.put_aside(data, name=name, most=rules.MOST_FILE)


def missing_file(code: str, aside: str) -> dict[str, str]:
    """Return what is wrong, by the code of the question, when a file that was put aside is no longer there."""
    if files.is_aside(aside):
        return {}
    _key, name = file_rules.parted(aside)
    return {code: _("« %(name)s » n’est plus gardé : choisissez-le de nouveau.", name=name)}


def write_answers(
    of_seats: Mapping[int, Mapping[str, Any]],
    *,
    of_orders: Mapping[int, Mapping[str, Any]],
    questions: Mapping[str, Question],
    now: datetime,
) -> None:
    """Write checked answers, by the key of the seat or of the order and the code of the question.

    Raises ``FileRefused`` when a file that was put aside is gone.
    """
    for registration_id, values in of_seats.items():
        for code, value in values.items():
            _write(questions[code], value, registration_id=registration_id, order_id=None, now=now)
    for order_id, values in of_orders.items():
        for code, value in values.items():
            _write(questions[code], value, registration_id=None, order_id=order_id, now=now)
    db.session.flush()


def forget_answers(registration_id: int) -> None:
    """Erase what the former person of a seat answered."""
    _erase(Answer.registration_id == registration_id)


def erase_due(*, now: datetime) -> int:
    """Erase what was kept long enough after its day: answers to sensitive questions, and what people need.

    Return how many of both; a second time there is nothing left to erase.
    """
    return _erase_sensitive(now=now) + _erase_needs(now=now)


def _erase_needs(*, now: datetime) -> int:
    over = sa.select(StudyDay.id).where(StudyDay.ends_at <= now - timedelta(days=KEEP_DAYS))
    erased = db.session.execute(
        sa.update(Registration)
        .where(Registration.access_needs != "", Registration.study_day_id.in_(over))
        .values(access_needs="")
    )
    return int(erased.rowcount)  # type: ignore[attr-defined]


def _erase_sensitive(*, now: datetime) -> int:
    due = [
        question_id
        for question_id, ends_at, keep_days in db.session.execute(
            sa.select(Question.id, StudyDay.ends_at, Question.keep_days)
            .join(StudyDay, StudyDay.id == Question.study_day_id)
            .where(
                Question.sensitive,
                StudyDay.ends_at < now,
                sa.exists().where(Answer.question_id == Question.id),
            )
        )
        if now >= ends_at + timedelta(days=keep_days)
    ]
    if not due:
        return 0
    return _erase(Answer.question_id.in_(due))


def _erase(*which: sa.ColumnElement[bool]) -> int:
    """Erase answers with the files that were given; return how many answers."""
    given = db.session.scalars(sa.select(StoredFile).join(Answer, Answer.file_id == StoredFile.id).where(*which)).all()
    erased = int(db.session.execute(sa.delete(Answer).where(*which)).rowcount)  # type: ignore[attr-defined]
    for file in given:
        files.delete(file)
    return erased


def _write(question: Question, value: Any, *, registration_id: int | None, order_id: int | None, now: datetime) -> None:
    file = files.take_up(value, now=now) if question.kind is QuestionKind.FILE else None
    db.session.add(
        Answer(
            question_id=question.id,
            registration_id=registration_id,
            order_id=order_id,
            file_id=file.id if file else None,
            content=json.dumps(file.name if file else value, ensure_ascii=False),
            answered_at=now,
        )
    )

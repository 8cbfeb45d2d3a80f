"""What the organiser asks whoever registers to a day."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.core import slugs, texts
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.study_days import rules
from eventsapp.study_days.errors import DayInUse
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.study_days.service import _edits
from eventsapp.study_days.values import QuestionText


def add_question(day: StudyDay, *, text: QuestionText, actor: User, now: datetime) -> Question:
    """Ask one more question, after those there are. Raises ``Invalid`` when the day asks enough."""
    lock_questions(day)
    known = _questions(day)
    if sum(question.retired_at is None for question in known) >= rules.MOST_QUESTIONS:
        raise Invalid(f"Une journée pose {rules.MOST_QUESTIONS} questions au plus.")
    before = _told(known)
    wanted = slugs.slugify(text.label)[:30] or "question"
    code = texts.free_code(wanted, taken={question.code for question in known}, longest=rules.CODE_LENGTH)
    question = Question(study_day_id=day.id, code=code, position=len(known) + 1, created_at=now, **text.columns())
    db.session.add(question)
    db.session.flush()
    _note(day, before, actor=actor, now=now)
    return question


def edit_question(
    day: StudyDay, question: Question, *, text: QuestionText, answered: bool, actor: User, now: datetime
) -> None:
    """Change how a question is asked; one that was ``answered`` keeps who answers it and how.

    Raises ``DayInUse``, and ``Invalid`` when an answer that some gave is taken out of a choice.
    """
    lock_questions(day)
    before = _told(_questions(day))
    if answered:
        if (text.kind, text.scope) != (question.kind, question.scope):
            raise DayInUse(
                "Des personnes ont répondu : la réponse garde sa sorte. Retirez la question, posez-en une autre."
            )
        if question.sensitive and not text.sensitive:
            raise DayInUse("Des personnes ont répondu à une question réservée : elle le reste.")
    for name, value in text.columns().items():
        setattr(question, name, value)
    db.session.flush()
    _note(day, before, actor=actor, now=now)


def move_question(day: StudyDay, question: Question, *, by: int, actor: User, now: datetime) -> None:
    """Move a question up (``by`` -1) or down (1) among those that are asked."""
    lock_questions(day)
    known = _questions(day)
    before = _told(known)
    asked = [each for each in known if each.retired_at is None]
    if question not in asked:
        return
    place = asked.index(question)
    asked.insert(min(max(place + by, 0), len(asked) - 1), asked.pop(place))
    for number, each in enumerate([*asked, *(each for each in known if each.retired_at is not None)], start=1):
        each.position = number
    db.session.flush()
    _note(day, before, actor=actor, now=now)


def retire_question(day: StudyDay, question: Question, *, actor: User, now: datetime) -> bool:
    """Ask a question no more: it goes when nobody answered it, and stays with its answers else; return which."""
    lock_questions(day)
    before = _told(_questions(day))
    try:
        with db.session.begin_nested():
            db.session.execute(sa.delete(Question).where(Question.id == question.id))
    except IntegrityError:
        question.retired_at = question.retired_at or now
        db.session.flush()
        _note(day, before, actor=actor, now=now)
        return False
    db.session.expunge(question)
    _note(day, before, actor=actor, now=now)
    return True


def ask_again(day: StudyDay, question: Question, *, actor: User, now: datetime) -> None:
    """Ask a retired question again."""
    lock_questions(day)
    before = _told(_questions(day))
    question.retired_at = None
    db.session.flush()
    _note(day, before, actor=actor, now=now)


def copy_questions(day_id: int, *, to: StudyDay, now: datetime) -> None:
    """Ask at the day ``to`` what is asked at the other; what was retired stays there."""
    asked = db.session.scalars(
        sa.select(Question)
        .where(Question.study_day_id == day_id, Question.retired_at.is_(None))
        .order_by(Question.position)
    )
    for position, question in enumerate(asked, start=1):
        text = {name: getattr(question, name) for name in QuestionText.__dataclass_fields__}
        db.session.add(Question(study_day_id=to.id, code=question.code, position=position, created_at=now, **text))


def lock_questions(day: StudyDay) -> None:
    """Let one person at a time change what a day asks."""
    db.session.execute(sa.select(StudyDay.id).where(StudyDay.id == day.id).with_for_update())


def _questions(day: StudyDay) -> Sequence[Question]:
    return db.session.scalars(
        sa.select(Question).where(Question.study_day_id == day.id).order_by(Question.position, Question.id)
    ).all()


def _told(questions: Sequence[Question]) -> dict[str, str]:
    """Return the questions as the history tells them, a line each."""
    lines = [
        f"{question.label}{' *' if question.required else ''}{' (réservée)' if question.sensitive else ''}"
        for question in questions
        if question.retired_at is None
    ]
    return {"questions": "\n".join(lines)}


def _note(day: StudyDay, before: dict[str, str], *, actor: User, now: datetime) -> None:
    day.updated_at = now
    _edits.note("study_days.edit", day, before, after=_told(_questions(day)), actor=actor, now=now)

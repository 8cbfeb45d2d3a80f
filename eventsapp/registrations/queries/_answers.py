"""Reading what people answered to the organiser's questions."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.registrations.models import Answer, Registration
from eventsapp.registrations.statuses import SEATED
from eventsapp.registrations.values import Value
from eventsapp.study_days.models import Question
from eventsapp.study_days.statuses import CHOSEN, QuestionKind, QuestionScope

#: Orders whose answers count no more.
_GONE = (OrderStatus.CANCELLED, OrderStatus.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often something was answered: an option, « oui », or how many answered at all where texts are free."""

    question: Question
    answered: int
    #: Option → how many, the most frequent first; empty where texts are free.
    options: Sequence[tuple[str, int]] = ()
    #: What the numbers add up to.
    total: int | None = None


def answers_of_seat(registration_id: int, *, with_sensitive: bool = True) -> Sequence[Answer]:
    """Return the answers of a seat, questions loaded, as the day asks them."""
    return db.session.scalars(
        _answers(with_sensitive=with_sensitive).where(Answer.registration_id == registration_id)
    ).all()


def values_of_seat(registration_id: int, *, with_sensitive: bool = True) -> dict[str, Value]:
    """Return what the person of a seat answered, by the code of the question."""
    found = answers_of_seat(registration_id, with_sensitive=with_sensitive)
    return {answer.question.code: answer.value for answer in found}


def answers_of_day(study_day_id: int) -> dict[int, dict[str, Value]]:
    """Return what the people of a day answered, by the key of the seat and the code of the question.

    Without what is sensitive.
    """
    found: dict[int, dict[str, Value]] = {}
    asked = _answers(with_sensitive=False).where(
        Question.study_day_id == study_day_id, Answer.registration_id.is_not(None)
    )
    for answer in db.session.scalars(asked):
        if answer.registration_id is not None:
            found.setdefault(answer.registration_id, {})[answer.question.code] = answer.value
    return found


def answers_of_order(order_id: int, *, with_sensitive: bool) -> tuple[dict[int, list[Answer]], list[Answer]]:
    """Return the answers of each seat of an order by the seat's key, and those of the order, questions loaded."""
    seats = (
        sa.select(Registration.id)
        .join(OrderLine, OrderLine.id == Registration.order_line_id)
        .where(OrderLine.order_id == order_id)
    )
    found = _answers(with_sensitive=with_sensitive).where(
        sa.or_(Answer.order_id == order_id, Answer.registration_id.in_(seats))
    )
    of_seats: dict[int, list[Answer]] = {}
    of_order: list[Answer] = []
    for answer in db.session.scalars(found):
        if answer.registration_id is None:
            of_order.append(answer)
        else:
            of_seats.setdefault(answer.registration_id, []).append(answer)
    return of_seats, of_order


def answer_with_file(registration_id: int, code: str) -> Answer | None:
    """Return what somebody answered to a question that asks for a file, question and file loaded."""
    return db.session.scalar(
        sa.select(Answer)
        .join(Answer.question)
        .options(contains_eager(Answer.question), joinedload(Answer.file, innerjoin=True))
        .where(Answer.registration_id == registration_id, Question.code == code, Answer.file_id.is_not(None))
    )


def answered(question_ids: Collection[int]) -> set[int]:
    """Return which of these questions somebody answered."""
    return set(
        db.session.scalars(
            sa.select(Question.id).where(
                Question.id.in_(question_ids), sa.exists().where(Answer.question_id == Question.id)
            )
        )
    )


def files_awaited(order_id: int) -> Sequence[tuple[Registration, Question]]:
    """Return the seats of an order whose people still have to give a file, each with the question that asks it."""
    given = sa.exists().where(Answer.registration_id == Registration.id, Answer.question_id == Question.id)
    rows = db.session.execute(
        sa.select(Registration, Question)
        .join(Registration.order_line)
        .join(Question, Question.study_day_id == Registration.study_day_id)
        .where(
            OrderLine.order_id == order_id,
            Registration.status.in_(SEATED),
            Question.kind == QuestionKind.FILE,
            Question.scope == QuestionScope.PERSON,
            Question.required,
            Question.retired_at.is_(None),
            ~given,
        )
        .order_by(Registration.id, Question.position)
    )
    return [(seat, question) for seat, question in rows]


def answer_counts(questions: Sequence[Question]) -> list[Count]:
    """Return, for each question of a day, what was answered how often by those who have a seat."""
    keys = [question.id for question in questions]
    rows = db.session.execute(
        sa.select(Answer.question_id, Answer.content, sa.func.count())
        .outerjoin(Registration, Registration.id == Answer.registration_id)
        .outerjoin(Order, Order.id == Answer.order_id)
        .where(
            Answer.question_id.in_(keys),
            sa.or_(Registration.status.in_(SEATED), Order.status.not_in(_GONE)),
        )
        .group_by(Answer.question_id, Answer.content)
    ).all()
    return [
        _count(question, [(content, n) for key, content, n in rows if key == question.id]) for question in questions
    ]


def _count(question: Question, rows: Sequence[tuple[str, int]]) -> Count:
    answered_by = sum(n for _content, n in rows)
    read = [(Answer(content=content).value, n) for content, n in rows]
    if question.kind in CHOSEN:
        tally: Counter[str] = Counter()
        for value, n in read:
            for option in value if isinstance(value, list) else [str(value)]:
                tally[option] += n
        return Count(question=question, answered=answered_by, options=tally.most_common())
    if question.kind is QuestionKind.NUMBER:
        return Count(
            question=question, answered=answered_by, total=sum(value * n for value, n in read if isinstance(value, int))
        )
    return Count(question=question, answered=answered_by)


def person_questions(questions: Sequence[Question], *, with_sensitive: bool) -> list[Question]:
    """Return those of the questions that each participant answers, and that may be seen."""
    return [
        question
        for question in questions
        if question.scope is QuestionScope.PERSON and (with_sensitive or not question.sensitive)
    ]


def _answers(*, with_sensitive: bool) -> sa.Select[Answer]:
    found = (
        sa.select(Answer)
        .join(Answer.question)
        .options(joinedload(Answer.question))
        .order_by(Question.study_day_id, Question.position, Question.id)
    )
    return found if with_sensitive else found.where(sa.not_(Question.sensitive))

"""Questions of an organiser."""

from typing import Any

from eventsapp.core.db import db
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.study_days.statuses import QuestionKind, QuestionScope
from tests.support.makers.study_days import NOW

MEAL = {"label": "Repas", "label_en": "Meal", "options": "Végétarien | Vegetarian\nSans porc | No pork\nTout"}


def make_question(day: StudyDay, code: str = "repas", **values: Any) -> Question:
    """Ask something at ``day``: the meal, one of three, unless said otherwise."""
    kind = values.pop("kind", QuestionKind.CHOICE)
    chosen = kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}
    plain = {"label": code.capitalize(), **({"options": MEAL["options"]} if chosen else {})}
    question = Question(
        **{
            "study_day_id": day.id,
            "code": code,
            "scope": QuestionScope.PERSON,
            "kind": kind,
            "position": 1,
            "created_at": NOW,
            **(MEAL if code == "repas" and chosen else plain),
            **values,
        }
    )
    db.session.add(question)
    db.session.commit()
    return question

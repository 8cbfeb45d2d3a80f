"""Decisions about questionnaires: what is asked, when, what an answer may be, what answers say together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from flask_babel import gettext as _

from eventsapp.surveys.statuses import COUNTED, SurveyKind
from eventsapp.surveys.values import Result, SurveyQuestion

#: What is asked unless the organiser says otherwise.
STANDARD = (
    SurveyQuestion(
        code="overall",
        kind=SurveyKind.MARK,
        label="Quelle note donnez-vous à la journée ?",
        label_en="What mark do you give the day?",
    ),
    SurveyQuestion(
        code="content",
        kind=SurveyKind.MARK,
        label="Les interventions et leur contenu",
        label_en="The talks and what they said",
    ),
    SurveyQuestion(code="organisation", kind=SurveyKind.MARK, label="L’organisation", label_en="The organisation"),
    SurveyQuestion(
        code="venue", kind=SurveyKind.MARK, label="Le lieu et l’accueil", label_en="The venue and the welcome"
    ),
    SurveyQuestion(
        code="recommend",
        kind=SurveyKind.SCORE,
        label="Recommanderiez-vous cette journée à un collègue ? De 0 (non) à 10 (oui, tout à fait)",
        label_en="Would you recommend this day to a colleague? From 0 (no) to 10 (yes, absolutely)",
    ),
    SurveyQuestion(code="keep", kind=SurveyKind.TEXT, label="Que faut-il garder ?", label_en="What should we keep?"),
    SurveyQuestion(
        code="improve", kind=SurveyKind.TEXT, label="Que faut-il améliorer ?", label_en="What should we improve?"
    ),
)
#: So long after the day it is answered, and answers are changed; then nothing tells any more whose they are.
OPEN_FOR = timedelta(days=30)
#: With fewer answers it could be guessed whose they are.
FEWEST_SHOWN = 3
MOST_QUESTIONS = 20
MOST_OPTIONS = 10
LONGEST_TEXT = 2000
#: In the town of the day, on the day after it.
ASKED_AT = time(9)
_PROMOTER, _PASSIVE = 9, 7


def is_open(*, ends_at: datetime, now: datetime) -> bool:
    """Return whether a day's questionnaire is answered at ``now``: once it is over, for a while."""
    return ends_at <= now < ends_at + OPEN_FOR


def asked_from(*, last_date: date, zone: tzinfo) -> datetime:
    """Return from when on people are asked by mail."""
    return datetime.combine(last_date + timedelta(days=1), ASKED_AT, tzinfo=zone)


def checked(questions: Sequence[SurveyQuestion], answers: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is kept of ``answers`` and what is wrong with them, by the code of the question.

    Nothing has to be answered, but something has.
    """
    kept: dict[str, str] = {}
    problems: dict[str, str] = {}
    for question in questions:
        given = str(answers.get(question.code) or "").strip()
        if not given:
            continue
        if question.kind in COUNTED and given not in question.choices:
            problems[question.code] = _("Choisissez une des réponses proposées.")
        elif len(given) > LONGEST_TEXT:
            problems[question.code] = _("Pas plus de %(most)s caractères.", most=LONGEST_TEXT)
        else:
            kept[question.code] = given
    if not kept and not problems and questions:
        problems[questions[0].code] = _("Répondez à une question au moins.")
    return kept, problems


def results(questions: Sequence[SurveyQuestion], replies: Sequence[Mapping[str, str]]) -> list[Result]:
    """Return what the answers say together; nothing while too few people answered."""
    if len(replies) < FEWEST_SHOWN:
        return []
    found = []
    for question in questions:
        given = [reply[question.code] for reply in replies if reply.get(question.code)]
        if question.asked or given:
            found.append(_result(question, given))
    return found


def _result(question: SurveyQuestion, given: Sequence[str]) -> Result:
    if question.kind is SurveyKind.TEXT:
        return Result(question=question, answered=len(given), texts=sorted(given))
    counted = Counter(given)
    numbers = [] if question.kind is SurveyKind.CHOICE else [int(answer) for answer in given]
    return Result(
        question=question,
        answered=len(given),
        counts=[(choice, counted[choice]) for choice in question.choices],
        average=sum(numbers) / len(numbers) if numbers else None,
        recommended=_recommended(numbers) if question.kind is SurveyKind.SCORE and numbers else None,
    )


def _recommended(scores: Sequence[int]) -> int:
    for_it = sum(score >= _PROMOTER for score in scores)
    against = sum(score < _PASSIVE for score in scores)
    return round(100 * (for_it - against) / len(scores))

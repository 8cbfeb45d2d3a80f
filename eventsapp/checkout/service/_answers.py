"""Checking what an order answers to the organiser's questions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from eventsapp.checkout.service._day_in_order import DayInOrder
from eventsapp.registrations import service as registrations
from eventsapp.registrations.rules import checked_answers
from eventsapp.registrations.values import Attendee
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import Question
from eventsapp.study_days.statuses import QuestionKind, QuestionScope


def with_answers(
    days: Sequence[DayInOrder], errors: dict[str, str], *, lenient: bool = False, files_follow: bool = False
) -> tuple[DayInOrder, ...]:
    """Return the days with what is asked there and the answers as they are kept; note in ``errors`` what is wrong.

    ``lenient`` nothing is required and what does not fit is left out: what was asked when a quote was made may have
    changed since, and at the door nobody is sent away for an answer. Where ``files_follow``, those of a person are
    given later, on the page of the seat.
    """
    asked = study_days.questions_asked({wanted.day.id for wanted in days})
    return tuple(
        _checked(wanted, asked.get(wanted.day.id, []), errors, lenient=lenient, files_follow=files_follow)
        for wanted in days
    )


def _checked(
    wanted: DayInOrder, questions: Sequence[Question], errors: dict[str, str], *, lenient: bool, files_follow: bool
) -> DayInOrder:
    of_person = [question for question in questions if question.scope is QuestionScope.PERSON]
    of_order = [question for question in questions if question.scope is QuestionScope.ORDER]
    at = f"/items/{wanted.index}"

    def check(asked: Sequence[Question], answers: Mapping[str, Any], pointer: str, *, require: bool) -> dict[str, Any]:
        values, problems = checked_answers(asked, answers, require=require and not lenient)
        for question in asked:
            if question.kind is QuestionKind.FILE and question.code in values:
                gone = registrations.missing_file(question.code, str(values[question.code]))
                problems |= gone
                values = {code: value for code, value in values.items() if code not in gone}
        if files_follow:
            problems = _but_files(asked, answers, problems)
        if not lenient:
            errors.update({f"{pointer}/answers/{escaped(code)}": told for code, told in problems.items()})
        return dict(values)

    def of(place: int, attendee: Attendee) -> Attendee:
        # Whoever is named later answers then.
        named = attendee.is_named
        values = check(of_person, attendee.answers, f"{at}/attendees/{place}", require=named)
        return replace(attendee, answers=values if named else {})

    return replace(
        wanted,
        questions=tuple(questions),
        attendees=tuple(of(place, attendee) for place, attendee in enumerate(wanted.attendees)),
        answers=check(of_order, wanted.answers, at, require=True),
    )


def _but_files(asked: Sequence[Question], answers: Mapping[str, Any], problems: Mapping[str, str]) -> dict[str, str]:
    """Return the problems without files of a person that are still to be given; what asks one of all says where."""
    left = dict(problems)
    for question in asked:
        if question.kind is not QuestionKind.FILE or answers.get(question.code) or question.code not in left:
            continue
        if question.scope is QuestionScope.PERSON:
            del left[question.code]
        else:
            left[question.code] = _(
                "Cette journée demande un fichier à qui commande : commandez-la par son formulaire, sur le site."
            )
    return left


def escaped(code: str) -> str:
    """Return ``code`` as a JSON pointer has it (RFC 6901)."""
    return code.replace("~", "~0").replace("/", "~1")

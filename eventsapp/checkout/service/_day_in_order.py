"""Seats at a day within an order that is being made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eventsapp.orders.values import LineDraft
from eventsapp.registrations.values import Attendee
from eventsapp.study_days.models import Question, Rate, StudyDay
from eventsapp.study_days.statuses import QuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DayInOrder:
    """Seats at a day, with their lines by rate code."""

    day: StudyDay
    attendees: tuple[Attendee, ...]
    lines: dict[str, LineDraft]
    #: Place of the item in the request, for the pointers of what is wrong.
    index: int
    #: What the organiser asks there, and the buyer's answers; known once they were checked.
    questions: tuple[Question, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total_cents(self) -> int:
        return sum(line.total_cents for line in self.lines.values())

    @property
    def asks_files(self) -> bool:
        """Whether a participant is asked for a file there."""
        return any(question.kind is QuestionKind.FILE for question in self.questions)

    def rate(self, code: str) -> Rate:
        return next(rate for rate in self.day.rates if rate.code == code)

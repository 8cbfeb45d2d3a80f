"""A question as it is asked, and what was answered to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal

from eventsapp.surveys.statuses import SurveyKind

#: What fits under a bar.
_BAR = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyQuestion:
    """One question of a day."""

    #: Names its answers; the standard ones have words, those of the organiser numbers.
    code: str
    kind: SurveyKind
    label: str
    label_en: str = ""
    #: Of a choice: in the order they are offered.
    options: tuple[str, ...] = ()
    #: Switched off it is asked no more; what was answered stays.
    asked: bool = True

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "SurveyQuestion":
        """Return what ``kept`` made."""
        return cls(**{**data, "kind": SurveyKind(data["kind"]), "options": tuple(data["options"])})

    @property
    def kept(self) -> dict[str, Any]:
        """What the database keeps of it."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "label": self.label,
            "label_en": self.label_en,
            "options": list(self.options),
            "asked": self.asked,
        }

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be answered; nothing for a text."""
        match self.kind:
            case SurveyKind.MARK:
                return tuple(str(mark) for mark in range(1, 6))
            case SurveyKind.SCORE:
                return tuple(str(score) for score in range(11))
        return self.options


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was answered to one question by everybody together."""

    question: SurveyQuestion
    answered: int
    #: Each answer there may be → how often it was given.
    counts: Sequence[tuple[str, int]] = ()
    #: Of marks and scores.
    average: float | None = None
    #: Of scores, from -100 to 100: those who would recommend it less those who would not.
    recommended: int | None = None
    #: In no order that tells who wrote them.
    texts: Sequence[str] = ()

    @property
    def average_text(self) -> str:
        """The average with one decimal, in the language in use."""
        return str(format_decimal(round(self.average or 0, 1), format="0.0"))

    @property
    def bars(self) -> list[tuple[str, int, None]]:
        """The counts as a chart draws them, long answers cut short: the table beside it has them whole."""
        return [
            (answer if len(answer) <= _BAR else f"{answer[: _BAR - 1]}…", count, None) for answer, count in self.counts
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a day's questionnaire says so far."""

    #: How many came, and how many of them answered.
    people: int
    replies: int
    #: Empty while too few answered.
    questions: Sequence[Result] = ()

    @property
    def percent(self) -> int:
        """How many of a hundred answered."""
        return round(100 * self.replies / self.people) if self.people else 0

"""Sums by month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from eventsapp.figures.statuses import ReadBy


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMonth:
    """How often articles were read in a month."""

    month: date
    by: Mapping[ReadBy, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by.values())

    def of(self, kind: ReadBy) -> int:
        return self.by.get(kind, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractMonth:
    """How subscriptions went in a month."""

    month: date
    #: Begun by somebody new, and gone on from another.
    new: int = 0
    renewed: int = 0
    #: Over, and nothing goes on from them.
    ended: int = 0
    #: Running at the end of the month, or today, to end within sixty days, and not renewed by then.
    at_risk: int = 0

    @property
    def begun(self) -> int:
        return self.new + self.renewed


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionMonth:
    """What days of a month led to, counted by address: each once, at its first day of the period."""

    month: date
    people: int = 0
    #: They had a subscription on the day, or a seat in that of an institution.
    had: int = 0
    #: Began a paid one afterwards, in time.
    led: int = 0

    @property
    def percent(self) -> int | None:
        """How many of a hundred who had none began one."""
        without = self.people - self.had
        return round(100 * self.led / without) if without else None

    @classmethod
    def together(cls, months: Iterable["ConversionMonth"]) -> "ConversionMonth":
        """Return several months as one, whose name is the first one's; each address counts once in all of them."""
        found = list(months)
        return cls(
            month=found[0].month,
            people=sum(each.people for each in found),
            had=sum(each.had for each in found),
            led=sum(each.led for each in found),
        )

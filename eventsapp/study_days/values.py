"""What lists of days are narrowed to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class When(StrEnum):
    """Which days a list holds; the words of the address."""

    UPCOMING = "a-venir"
    PAST = "passees"
    #: Both; calendars, feeds and programs ask for it.
    ALL = "toutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFilters:
    """What a list of days is narrowed to; what is empty narrows nothing. City, theme and series are slugs."""

    when: When = When.UPCOMING
    city: str = ""
    theme: str = ""
    series: str = ""
    #: The period, both dates included; a day of several dates belongs to it when it touches it.
    first: date | None = None
    last: date | None = None
    #: Only days that can still be registered for.
    open_seats: bool = False

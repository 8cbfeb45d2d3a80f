"""What lists of days are narrowed to, and what the office writes of a day."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from eventsapp.study_days.statuses import QuestionKind, QuestionScope, SessionKind, StudyDayStatus
from eventsapp.vat.values import Component


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Essentials:
    """When and where a day is held, for how many; dates and hours as the clock of its town shows them."""

    title: str
    lead: str = ""
    city_id: int
    venue_id: int | None = None
    series_id: int | None = None
    theme_id: int | None = None
    on: date
    starts: time
    ends: time
    #: The last date of a day that lasts several.
    last_date: date | None = None
    welcome: time | None = None
    hours_known: bool = True
    capacity: int
    #: Unset: at once.
    opens: datetime | None = None
    #: Until when participants may be named and replaced.
    changes: datetime | None = None
    #: Unset: two days before, at noon.
    closes: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What the page of a day says besides; long texts are in Markdown."""

    description: str = ""
    objectives: str = ""
    audience: str = ""
    included: str = ""
    practical: str = ""
    cancellation_terms: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Somebody at a session, by the name typed; ``slug`` when it was chosen among homonyms."""

    name: str
    slug: str = ""
    role: str = ""
    organisation: str = ""
    chairs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A slot of the programme; hours on the date given, as the clock of the town shows them."""

    title: str
    kind: SessionKind = SessionKind.TALK
    summary: str = ""
    room: str = ""
    #: Unset: the date of the day.
    on: date | None = None
    starts: time | None = None
    ends: time | None = None
    talks: Sequence[Talk] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A rate as it is written in the office; ``id`` of the one that it replaces."""

    name: str
    price_cents: int
    condition: str = ""
    #: In English; empty where they are shown in French.
    name_en: str = ""
    condition_en: str = ""
    for_subscribers: bool = False
    #: Sold up to and including this date.
    until: date | None = None
    code: str = ""
    id: int | None = None
    #: What the price is made of; without any, the whole is taxed at the standard rate.
    components: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsNow:
    """The seats of a day that nobody else changes meanwhile, and whether they may be given."""

    status: StudyDayStatus
    capacity: int
    seats_taken: int
    opens_at: datetime | None
    #: From then on nobody registers.
    closes_at: datetime

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.seats_taken)

    def are_given(self, now: datetime) -> bool:
        """Return whether somebody who finds a free seat may have it."""
        opened = self.opens_at is None or now >= self.opens_at
        return self.status is StudyDayStatus.PUBLISHED and opened and now < self.closes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionText:
    """A question of the organiser as it is written in the office; ``options`` a line each, « français | anglais »."""

    scope: QuestionScope = QuestionScope.PERSON
    kind: QuestionKind
    label: str
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    options: str = ""
    required: bool = False
    sensitive: bool = False
    keep_days: int = 30

    def columns(self) -> dict[str, Any]:
        """Return its parts by the name of their column."""
        return asdict(self)

"""The words for where a day stands."""

from enum import StrEnum


class StudyDayStatus(StrEnum):
    """What the organiser decided; past or open is a matter of date."""

    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


#: What may follow what.
NEXT: dict[StudyDayStatus, frozenset[StudyDayStatus]] = {
    StudyDayStatus.DRAFT: frozenset({StudyDayStatus.PUBLISHED}),
    StudyDayStatus.PUBLISHED: frozenset({StudyDayStatus.DRAFT, StudyDayStatus.POSTPONED, StudyDayStatus.CANCELLED}),
    StudyDayStatus.POSTPONED: frozenset({StudyDayStatus.PUBLISHED, StudyDayStatus.CANCELLED}),
    StudyDayStatus.CANCELLED: frozenset(),
}

#: What visitors may see.
SHOWN = frozenset({StudyDayStatus.PUBLISHED, StudyDayStatus.POSTPONED, StudyDayStatus.CANCELLED})


class Availability(StrEnum):
    """What a visitor can do about a day at this moment: decided by ``rules.availability``."""

    OPEN = "open"
    OPENS_LATER = "opens-later"
    FEW_SEATS = "few-seats"
    FULL = "full"
    CLOSED = "closed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    PAST = "past"


class SessionKind(StrEnum):
    """What happens in a slot of the programme."""

    TALK = "talk"
    PANEL = "panel"
    WORKSHOP = "workshop"
    #: Welcome, coffee, lunch, end: shown on the timeline, without a page.
    BREAK = "break"


class RateCode(StrEnum):
    """The rates that the application knows by name; others may have any code."""

    SUBSCRIBER = "subscriber"
    STANDARD = "standard"
    ELECTED = "elected"
    EARLY_BIRD = "early-bird"
    FREE = "free"


class DocumentAudience(StrEnum):
    """Whom a document of a day is for; who belongs to it, ``documents.access`` decides."""

    PUBLIC = "public"
    #: Who has a seat at the day.
    ATTENDEES = "attendees"
    SUBSCRIBERS = "subscribers"


class QuestionKind(StrEnum):
    """What an answer to a question of the organiser looks like."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    CONSENT = "consent"
    FILE = "file"


#: The kinds whose answers are some of the organiser's own.
CHOSEN = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})


class QuestionScope(StrEnum):
    """Who answers a question."""

    #: Each participant.
    PERSON = "person"
    #: Whoever orders, once for all.
    ORDER = "order"

"""The words for messages to many."""

from enum import StrEnum


class MailingStatus(StrEnum):
    """Where a message stands."""

    DRAFT = "draft"
    #: To be sent, and to be taken back for a minute.
    PLANNED = "planned"
    SENDING = "sending"
    #: Every mail of it is in the outbox, which sends them.
    DONE = "done"


NEXT: dict[MailingStatus, frozenset[MailingStatus]] = {
    MailingStatus.DRAFT: frozenset({MailingStatus.PLANNED}),
    MailingStatus.PLANNED: frozenset({MailingStatus.DRAFT, MailingStatus.SENDING}),
    MailingStatus.SENDING: frozenset({MailingStatus.DONE}),
    MailingStatus.DONE: frozenset(),
}


class Basis(StrEnum):
    """Among whom the audience is."""

    REGISTRATIONS = "registrations"
    WAITING_LIST = "waiting_list"
    SUBSCRIBERS = "subscribers"


class Seat(StrEnum):
    """Which seats, by where they stand."""

    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"


class Presence(StrEnum):
    """Which seats, by who came."""

    ANY = "any"
    PRESENT = "present"
    ABSENT = "absent"


class Naming(StrEnum):
    """Which seats, by whether it is known whose they are."""

    ANY = "any"
    NAMED = "named"
    #: The person who was asked, or the buyer.
    UNNAMED = "unnamed"


class ReminderKind(StrEnum):
    """The mails of a day that leave by themselves: reminders before it, and what appears after it."""

    WEEK = "week"
    EVE = "eve"
    #: Its report is out.
    REPORTS = "reports"
    #: What people thought of it is asked; the questionnaire itself says whether.
    SURVEY = "survey"


#: Those that the office switches off and words.
SETTABLE = (ReminderKind.WEEK, ReminderKind.EVE, ReminderKind.REPORTS)

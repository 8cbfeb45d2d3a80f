"""The words for the newsletter."""

from enum import StrEnum


class ReaderStatus(StrEnum):
    """Where somebody who asked for the letter stands."""

    #: Asked for it; the address has not confirmed that.
    PENDING = "pending"
    CONFIRMED = "confirmed"
    LEFT = "left"


class ConsentEvent(StrEnum):
    """What somebody did about the letter."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    THEMES = "themes"
    LEFT = "left"
    #: They were asked after years, and still want it.
    STAYED = "stayed"


class LetterStatus(StrEnum):
    """Where a letter stands."""

    DRAFT = "draft"
    #: To leave at its hour, and to be taken back until then.
    PLANNED = "planned"
    SENDING = "sending"
    #: Every mail of it is in the outbox, which sends them.
    DONE = "done"
    #: There is no letter that week.
    DROPPED = "dropped"


NEXT: dict[LetterStatus, frozenset[LetterStatus]] = {
    LetterStatus.DRAFT: frozenset({LetterStatus.PLANNED, LetterStatus.DROPPED}),
    LetterStatus.PLANNED: frozenset({LetterStatus.DRAFT, LetterStatus.SENDING}),
    LetterStatus.SENDING: frozenset({LetterStatus.DONE}),
    LetterStatus.DONE: frozenset(),
    LetterStatus.DROPPED: frozenset({LetterStatus.DRAFT}),
}
#: What was sent counts for what the next one tells of.
ON_ITS_WAY = frozenset({LetterStatus.PLANNED, LetterStatus.SENDING, LetterStatus.DONE})


class LeftOut(StrEnum):
    """Why a reader gets no mail of a letter, besides the reasons of the outbox."""

    #: They left between the count and the mail.
    LEFT = "left"
    #: Nothing of it is about a theme that they chose.
    THEMES = "themes"


class Group(StrEnum):
    """Under which heading of a letter something stands, in their order."""

    REPORTS = "reports"
    ARTICLES = "articles"
    DAYS = "days"

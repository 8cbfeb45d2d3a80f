"""The words of the door."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class CheckInKind(StrEnum):
    """What was done about a seat."""

    #: Somebody stood at the door.
    IN = "in"
    #: Somebody was let in by mistake.
    UNDO = "undo"
    #: The presence was entered afterwards, from the signed sheet.
    SHEET = "sheet"


class Outcome(StrEnum):
    """What came of it."""

    ADMITTED = "admitted"
    #: The ticket had let somebody in before.
    ALREADY = "already"
    #: The ticket was replaced by another one.
    RETIRED = "retired"
    CANCELLED = "cancelled"
    #: The seat is only held: its payment has not come.
    HELD = "held"
    #: An admission was taken back.
    UNDONE = "undone"
    #: The ticket is for another day. Told, never kept.
    OTHER_DAY = "other_day"
    #: The ticket was shown after the day. Told, never kept: its sheet says who came.
    DAY_OVER = "day_over"
    #: No ticket has this code. Told, never kept.
    UNKNOWN = "unknown"


class Part(StrEnum):
    """A half of a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Source(StrEnum):
    """Where it is known from whether somebody was there."""

    DOOR = "door"
    SHEET = "sheet"
    FILE = "file"
    #: Somebody in the office said so of some people; of the others it says nothing.
    OFFICE = "office"


#: What was entered of everybody who signed: in these half-days whoever was not entered was not there.
SIGNED = frozenset({Source.SHEET, Source.FILE})


class PaperKind(StrEnum):
    """What is made for all of a day at once."""

    SHEET = "sheet"
    BADGES = "badges"
    PROGRAMME = "programme"
    CONVOCATIONS = "convocations"
    AGREEMENTS = "agreements"
    #: Certificates to print; whoever came and has none gets one.
    CERTIFICATES = "certificates"
    #: The same, by mail to everybody, each once.
    SENDING = "sending"


class JobState(StrEnum):
    """Where the making of papers stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class BadgeFormat(StrEnum):
    """The sheets that badges are printed on."""

    #: Ten of 90 × 55 mm on A4, to be cut.
    CARD = "card"
    #: Ten labels of 80 × 50 mm on A4, as L4785.
    LABEL = "label"
    #: A sheet of A5 that is folded and stands on a table.
    TENT = "tent"


#: How a half-day is called.
PART_LABELS: dict[Part, str] = {Part.MORNING: _l("Matin"), Part.AFTERNOON: _l("Après-midi")}

#: What somebody should look at: the ticket let nobody in, though somebody came with it.
CONFLICTS = frozenset({Outcome.ALREADY, Outcome.RETIRED, Outcome.CANCELLED, Outcome.HELD})

#: What is told and not kept: no seat of the day is concerned, or the day is over.
UNKEPT = frozenset({Outcome.OTHER_DAY, Outcome.DAY_OVER, Outcome.UNKNOWN})

#: How papers are called, in the order of a day: before, on it, afterwards.
PAPER_LABELS: dict[PaperKind, str] = {
    PaperKind.PROGRAMME: _l("Programme"),
    PaperKind.AGREEMENTS: _l("Conventions de formation"),
    PaperKind.CONVOCATIONS: _l("Convocations"),
    PaperKind.BADGES: _l("Badges"),
    PaperKind.SHEET: _l("Feuille d’émargement"),
    PaperKind.CERTIFICATES: _l("Attestations à imprimer"),
    PaperKind.SENDING: _l("Attestations par courriel"),
}

BADGE_LABELS: dict[BadgeFormat, str] = {
    BadgeFormat.CARD: _l("90 × 55 mm, dix par feuille A4, à couper"),
    BadgeFormat.LABEL: _l("80 × 50 mm, dix étiquettes par feuille A4 (L4785)"),
    BadgeFormat.TENT: _l("Chevalet, une feuille A5 à plier"),
}

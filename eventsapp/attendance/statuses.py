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


#: How a half-day is called.
PART_LABELS: dict[Part, str] = {Part.MORNING: _l("Matin"), Part.AFTERNOON: _l("Après-midi")}

#: What somebody should look at: the ticket let nobody in, though somebody came with it.
CONFLICTS = frozenset({Outcome.ALREADY, Outcome.RETIRED, Outcome.CANCELLED, Outcome.HELD})

#: What is told and not kept: no seat of the day is concerned.
UNKEPT = frozenset({Outcome.OTHER_DAY, Outcome.UNKNOWN})

"""What is indexed, and what is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What can be found; the words of the address."""

    DAY = "journees"
    SESSION = "seances"
    ARTICLE = "articles"
    SPEAKER = "intervenants"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something to be found, with all that the page of results shows of it."""

    kind: Kind
    object_id: int
    #: The day it belongs to.
    study_day_id: int | None = None
    #: The slug in its address, the number of a session, and the day's date or that of publication.
    slug: str
    position: int | None = None
    held_on: date | None = None
    title: str
    #: A line of facts: town, section, role.
    detail: str = ""
    #: The text that excerpts are taken from; what not everybody may read is not in it.
    text: str = ""
    #: Whether the rest is for subscribers.
    reserved: bool = False
    #: Names that weigh more than the text: towns, themes, people.
    names: str = ""
    #: What is found but not shown.
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found; title and text are pieces to be joined, each with whether it is what was searched."""

    kind: Kind
    slug: str
    position: int | None
    held_on: date | None
    title: Sequence[tuple[str, bool]]
    excerpt: Sequence[tuple[str, bool]]
    detail: str
    reserved: bool

"""What forms hand to services, and what a letter says to one reader."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from eventsapp.newsletter.statuses import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which themes somebody wants to read about."""

    all_themes: bool = True
    #: Keys of themes; they count unless everything is wanted.
    themes: frozenset[int] = frozenset()

    def takes(self, theme_id: int | None) -> bool:
        """Return whether something of that theme is for this reader; what has none is for everybody."""
        return self.all_themes or theme_id is None or theme_id in self.themes


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEdit:
    """What the office says of one thing in a letter."""

    item_id: int
    position: int
    is_in: bool
    #: In Markdown, instead of the article's lead or the day's.
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterEdit:
    """A letter as somebody writes it."""

    subject: str
    intro: str
    items: Sequence[ItemEdit] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a letter tells of, ready to be read."""

    group: Group
    title: str
    url: str
    #: A line in quiet ink: the section, or the date and the town.
    about: str
    #: Its own lead, without markup.
    lead: str = ""
    #: What the office says instead, in Markdown.
    text: str = ""
    theme_id: int | None = None
    #: Subscribers alone read the whole of it.
    is_reserved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a letter tells one reader, by heading; without any there is no mail."""

    groups: Sequence[tuple[Group, Sequence[Told]]] = field(default=())

    @classmethod
    def of(cls, told: Sequence[Told], choice: Choice) -> "Contents":
        """Return what of it is for whoever chose so, in the order of the headings."""
        wanted = [each for each in told if choice.takes(each.theme_id)]
        groups = [(group, [each for each in wanted if each.group is group]) for group in Group]
        return cls(groups=[(group, found) for group, found in groups if found])

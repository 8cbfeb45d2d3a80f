"""What stands above and below a list: saved views, and what is done to rows that somebody ticks."""

from collections.abc import Sequence
from dataclasses import dataclass

from eventsapp.office.models import SavedView


@dataclass(frozen=True, slots=True, kw_only=True)
class Picking:
    """What may be done to rows that somebody ticks, or to all that the list shows."""

    #: The page that says what follows; it is asked with ``choisi``, or ``tout``, and ``filtre``.
    url: str
    #: Value and label.
    actions: Sequence[tuple[str, str]]
    #: What the page has to know besides.
    hidden: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewBar:
    """The saved views that somebody sees of a list, and where they are saved and looked after."""

    views: Sequence[SavedView]
    save_url: str
    manage_url: str

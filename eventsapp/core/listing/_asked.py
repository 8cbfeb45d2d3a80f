"""What an address asks of a list; what it gets wrong is left out and named."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from eventsapp.core.listing._description import Choice, Column, Dates, Listing, State
from eventsapp.core.pagination import page_number

#: The longest search taken, in characters; more is cut off.
SEARCH_LENGTH = 100
#: The years that a period may lie in.
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks of a list."""

    state: State | None = None
    words: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    #: Filter → first and last day.
    periods: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    sorted_by: Column | None = None
    descending: bool = False
    page: int = 1
    #: The columns asked for, in that order; none: those of the list itself.
    columns: Sequence[Column] = ()
    #: The values that each ``Choice`` offers, read once.
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: What the address got wrong, in words.
    mistakes: Sequence[str] = ()

    @property
    def narrowed(self) -> bool:
        """Whether something beyond the tab narrows the list."""
        return bool(self.words or self.choices or self.periods)


def read(listing: Listing, parameters: Mapping[str, str]) -> Asked:
    """Return what ``parameters`` ask for; a wrong one is left out and named in ``mistakes``."""
    mistakes: list[str] = []
    states = {state.key: state for state in listing.states}
    state = listing.states[0] if listing.states else None
    if key := parameters.get("etat"):
        state = states.get(key, state)
        if key not in states:
            mistakes.append(_("L’état « %(value)s » n’existe pas ici.", value=_shown(key)))
    column, descending = _sort(listing, parameters, mistakes)
    options = {choice.name: choice.read() for choice in listing.filters if isinstance(choice, Choice)}
    return Asked(
        state=state,
        words=clean(parameters.get("q", "")),
        choices=_choices(listing, parameters, options, mistakes),
        periods=_periods(listing, parameters, mistakes),
        sorted_by=column,
        descending=descending,
        page=_page(parameters, mistakes),
        columns=_columns(listing, parameters, mistakes),
        options=options,
        mistakes=mistakes,
    )


def _sort(listing: Listing, parameters: Mapping[str, str], mistakes: list[str]) -> tuple[Column | None, bool]:
    asked = parameters.get("tri", "")
    sortable = {column.key: column for column in listing.columns if column.sort is not None}
    column = sortable.get(asked.removeprefix("-"))
    if asked and column is None:
        mistakes.append(_("Cette liste ne se trie pas par « %(value)s ».", value=_shown(asked)))
    return column, column is not None and asked.startswith("-")


def _columns(listing: Listing, parameters: Mapping[str, str], mistakes: list[str]) -> list[Column]:
    """Return the columns named in ``colonnes``, with commas, or one by one in ``colonne``, as a form sends them."""
    if not listing.columns_chosen:
        return []
    one_by_one = parameters.getlist("colonne") if hasattr(parameters, "getlist") else []
    named = one_by_one or [key for key in parameters.get("colonnes", "").split(",") if key]
    known = {column.key: column for column in listing.columns if not column.only_on_page}
    wrong = [key for key in named if key not in known]
    if wrong:
        mistakes.append(_("Cette liste n’a pas de colonne « %(value)s ».", value=_shown(wrong[0])))
    return [known[key] for key in dict.fromkeys(named) if key in known]


def _choices(
    listing: Listing, parameters: Mapping[str, str], options: Mapping[str, Mapping[str, str]], mistakes: list[str]
) -> dict[str, str]:
    chosen = {}
    for narrowing in listing.filters:
        value = parameters.get(narrowing.name, "")
        if not isinstance(narrowing, Choice) or not value:
            continue
        if value in options[narrowing.name]:
            chosen[narrowing.name] = value
        else:
            mistakes.append(
                _("Le filtre « %(name)s » ne connaît pas « %(value)s ».", name=narrowing.label, value=_shown(value))
            )
    return chosen


def _periods(
    listing: Listing, parameters: Mapping[str, str], mistakes: list[str]
) -> dict[str, tuple[date | None, date | None]]:
    periods = {}
    for narrowing in listing.filters:
        if not isinstance(narrowing, Dates):
            continue
        first = _day(parameters.get(f"{narrowing.name}-du", ""), narrowing.label, mistakes)
        last = _day(parameters.get(f"{narrowing.name}-au", ""), narrowing.label, mistakes)
        if first is not None and last is not None and first > last:
            first, last = last, first
        if first is not None or last is not None:
            periods[narrowing.name] = (first, last)
    return periods


def _day(text: str, label: str, mistakes: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        mistakes.append(_("« %(value)s » n’est pas une date pour « %(name)s ».", name=label, value=_shown(text)))
        return None
    return day


def _page(parameters: Mapping[str, str], mistakes: list[str]) -> int:
    text = parameters.get("page", "1")
    number = page_number(text)
    if number is not None:
        return number
    mistakes.append(_("« %(value)s » n’est pas un numéro de page.", value=_shown(text)))
    return 1


def clean(text: str) -> str:
    """Return a search on one line, without control characters, which PostgreSQL refuses."""
    plain = "".join(" " if unicodedata.category(mark).startswith("C") else mark for mark in text[:SEARCH_LENGTH])
    return " ".join(plain.split())


def _shown(value: str) -> str:
    return clean(value)[:40]

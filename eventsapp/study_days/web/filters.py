"""What the address of a list of days asks for: read leniently, and written anew with a change."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from eventsapp.core import i18n
from eventsapp.core.pagination import page_number
from eventsapp.core.texts import from_address
from eventsapp.search import queries as search
from eventsapp.study_days import queries
from eventsapp.study_days.values import DayFilters, When
from eventsapp.study_days.web import months

T = TypeVar("T")

#: The longest search taken, in characters.
LONGEST_WORDS = 100
#: The longest value of another filter that is looked at: a slug of its full length.
LONGEST_VALUE = 200

#: In the order in which an address has them, so that one list has one address.
PARAMETERS = ("quand", "vue", "mois", "ville", "theme", "serie", "du", "au", "places", "q", "page")

_UNNAMED = ("", "")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filters of an address that can be used, and a word on each that cannot."""

    filters: DayFilters
    #: What to search for.
    words: str
    page: int
    #: The first of the month to show as a calendar; ``None`` for the list.
    month: date | None
    as_months: bool
    #: The names behind the slugs of the filters, by kind: the French one and the English one.
    names: Mapping[str, tuple[str, str]]
    #: What an address without ``quand`` means where this one was read.
    default: When = When.UPCOMING
    notices: list[str] = field(default_factory=list)
    _paths: dict[str, str] = field(default_factory=dict)

    @property
    def past(self) -> bool:
        return self.filters.when is When.PAST

    @property
    def narrowed(self) -> bool:
        """Whether any filter but past or coming is in force."""
        return bool(self.parameters().keys() - {"quand"})

    @property
    def matching(self) -> queries.Matching | None:
        """The days that the words find; ``None`` without words."""
        return search.days_matching(self.words) if self.words else None

    def chips(self) -> list[tuple[str, dict[str, None]]]:
        """Return the filters in force: what each says, and the change that takes it away."""
        chosen = self.filters
        said = [
            (i18n.either(*self.names.get("theme", _UNNAMED)), ("theme",)),
            (self.names.get("city", _UNNAMED)[0], ("ville",)),
            (i18n.either(*self.names.get("series", _UNNAMED)), ("serie",)),
            ("" if self.as_months else _period(chosen.first, chosen.last), ("du", "au")),
            (_("Places restantes") if chosen.open_seats else "", ("places",)),
            (i18n.choose(f"«\u00a0{self.words}\u00a0»", f"“{self.words}”") if self.words else "", ("q",)),
        ]
        return [(text, dict.fromkeys(parameters)) for text, parameters in said if text]

    def words_of_chips(self) -> list[str]:
        """Return the filters in force as plain text, for what is no page."""
        return [text.striptags() if isinstance(text, Markup) else text for text, _change in self.chips()]

    def hidden(self) -> list[tuple[str, str]]:
        """Return what the form of the filters must pass on besides its own fields."""
        own = {"q"} if self.as_months else {"q", "du", "au"}
        kept = [(name, value) for name, value in self.parameters().items() if name not in own]
        return [*kept, ("vue", "mois")] if self.as_months else kept

    def parameters(self) -> dict[str, str]:
        """Return the parameters that give this list, page and view left out."""
        chosen = self.filters
        given = {
            "quand": "" if chosen.when is self.default else chosen.when.value,
            "ville": chosen.city,
            "theme": chosen.theme,
            "serie": chosen.series,
            "du": chosen.first.isoformat() if chosen.first else "",
            "au": chosen.last.isoformat() if chosen.last else "",
            "places": "1" if chosen.open_seats else "",
            "q": self.words,
        }
        return {name: value for name, value in given.items() if value}

    def url(self, endpoint: str = "study_days.days", **changes: Any) -> str:
        """Return the address of the same list with ``changes``; ``None`` takes a filter away, any change the page."""
        parameters: dict[str, Any] = dict(self.parameters())
        if self.as_months and endpoint == "study_days.days":
            parameters["vue"] = "mois"
        parameters |= changes
        query = urlencode([(name, parameters[name]) for name in PARAMETERS if parameters.get(name) not in {None, ""}])
        # The path is the same for every filter of a page, and there are dozens.
        path = self._paths.get(endpoint) or self._paths.setdefault(endpoint, url_for(endpoint))
        return f"{path}?{query}" if query else path


def read(arguments: MultiDict[str, str], *, default: When = When.UPCOMING) -> Asked:
    """Return what ``arguments`` ask for; what cannot be used is left out with a notice. One query at most."""
    reader = _Reader(arguments)
    when = reader.take("quand", _when, _("choisissez les journées à venir, ou les passées"))
    slugs = {
        kind: reader.take(name, _slug, _("choisissez dans la liste"))
        for kind, name in (("city", "ville"), ("theme", "theme"), ("series", "serie"))
    }
    names = queries.names_of(**{kind: slug or "" for kind, slug in slugs.items()})
    reader.notices += [
        _("Le filtre « %(value)s » est ignoré : il ne correspond à rien que nous connaissions.", value=slug)
        for kind, slug in slugs.items()
        if slug and kind not in names
    ]
    first = reader.take("du", _date, _("choisissez une date, par exemple le 24 février 2027"))
    last = reader.take("au", _date, _("choisissez une date, par exemple le 24 février 2027"))
    if first and last and last < first:
        reader.notices.append(_("La période demandée finit avant d’avoir commencé : elle est ignorée."))
        first = last = None
    return Asked(
        filters=DayFilters(
            when=when or default,
            city=slugs["city"] or "" if "city" in names else "",
            theme=slugs["theme"] or "" if "theme" in names else "",
            series=slugs["series"] or "" if "series" in names else "",
            first=first,
            last=last,
            open_seats=bool(
                reader.take("places", lambda text: text == "1" or None, _("les journées complètes sont montrées aussi"))
            ),
        ),
        words=reader.words("q"),
        page=reader.take("page", page_number, _("voici la première page")) or 1,
        as_months=bool(reader.take("vue", lambda text: text == "mois" or None, _("voici la liste"))),
        month=reader.take("mois", _month, _("choisissez un mois, par exemple février 2027")),
        names=names,
        default=default,
        notices=reader.notices,
    )


def _period(first: date | None, last: date | None) -> str:
    """Return a period in words, by its month or its year where it is a whole one."""
    if first and last:
        if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
            return str(first.year)
        if first.day == 1 and last == months.last_of(first):
            return i18n.month_year(first).capitalize()
        return str(_("Du %(first)s au %(last)s", first=i18n.date_long(first), last=i18n.date_long(last)))
    if first:
        return str(_("À partir du %(date)s", date=i18n.date_long(first)))
    return str(_("Jusqu’au %(date)s", date=i18n.date_long(last))) if last else ""


class _Reader:
    """Takes parameters one by one, and keeps what was wrong with them."""

    def __init__(self, arguments: MultiDict[str, str]) -> None:
        self._arguments = arguments
        self.notices: list[str] = []

    def take(self, name: str, parse: Callable[[str], T | None], expected: str) -> T | None:
        """Return the parameter as ``parse`` understands it; ``None`` when it is absent, empty or wrong."""
        text = from_address(self._arguments.get(name, ""), longest=LONGEST_VALUE)
        if not text:
            return None
        value = parse(text)
        if value is None:
            shown = text if len(text) <= 40 else f"{text[:40]}…"
            self.notices.append(
                _(
                    "Nous n’avons pas compris « %(value)s » dans l’adresse : %(expected)s.",
                    value=shown,
                    expected=expected,
                )
            )
        return value

    def words(self, name: str) -> str:
        """Return what to search for in one line, cut when it is too long."""
        text = from_address(self._arguments.get(name, ""), longest=LONGEST_WORDS)
        if len(self._arguments.get(name, "")) > LONGEST_WORDS:
            self.notices.append(
                _("La recherche est longue : ses %(count)s premiers caractères ont été gardés.", count=LONGEST_WORDS)
            )
        if text and not search.has_words(text):
            self.notices.append(_("« %(text)s » ne contient aucun mot à chercher.", text=text))
            return ""
        return text


def _when(text: str) -> When | None:
    return When(text) if text in {When.UPCOMING, When.PAST} else None


def _slug(text: str) -> str | None:
    return text if len(text) <= 120 and _SLUG.fullmatch(text) else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _month(text: str) -> date | None:
    month = _date(f"{text}-01") if _MONTH.fullmatch(text) else None
    return month if month and month.year in months.YEARS else None

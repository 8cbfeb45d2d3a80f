"""Answering the request for a list (``core/listing.py``): its page, or the file of what it shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from urllib.parse import urlencode

from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wsgi import wrap_file

from eventsapp.core import clock, i18n, listing, settings
from eventsapp.core.listing import Answer, Asked, Choice, Column, Dates, Kind, Listing, Row, State
from eventsapp.core.pagination import Page
from eventsapp.office.bars import Picking, ViewBar
from eventsapp.papers import tables

#: Parameter that asks for a file instead of the page.
FORMAT = "format"
#: The kinds of file a list is written as.
FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
#: What stays from one link to the next, besides the filters; whatever else an address carries is dropped.
_KEPT = ("etat", "q", "tri")
_WRITTEN_AS = {
    Kind.MONEY: tables.Kind.MONEY_CENTS,
    Kind.NUMBER: tables.Kind.INTEGER,
    Kind.GAUGE: tables.Kind.INTEGER,
    Kind.DATE: tables.Kind.DATE,
    Kind.MOMENT: tables.Kind.DATETIME,
}


#: The head of a column: label, class, where a click sorts, how it is sorted now.
Head: TypeAlias = tuple[str, str | None, str | None, str | None]

#: A tab: label, address, how many rows, whether it is shown.
Tab: TypeAlias = tuple[str, str, int | str | None, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A filter as it is shown: off with its choices, or on with the way to take it off."""

    name: str
    label: str
    #: What is in force, in words; empty when the filter is off.
    text: str
    remove_url: str = ""
    #: Label, address, no count, whether in force; empty for a period.
    choices: Sequence[tuple[str, str, None, bool]] = ()
    is_period: bool = False
    #: A filter with one value, on or off.
    is_switch: bool = False
    first: date | None = None
    last: date | None = None


class ShownList:
    """A list on its page: what the template ``office/list.html`` draws."""

    def __init__(
        self,
        description: Listing,
        asked: Asked,
        answer: Answer,
        row_url: Callable[[Row], str | None] | None,
        *,
        with_files: bool = True,
        picking: Picking | None = None,
        view_bar: ViewBar | None = None,
        tabs: Sequence[Tab] | None = None,
        more_tabs: Sequence[Tab] = (),
    ) -> None:
        self.description = description
        self.picking = picking
        self.view_bar = view_bar
        self._tabs, self._more_tabs = tabs, more_tabs
        self.asked = asked
        self.page: Page[Row] = answer.page
        usual = [column for column in description.columns if not column.only_in_file]
        self.columns: Sequence[Column] = asked.columns or usual
        self._counts = answer.counts
        self._bound = answer.bound
        self._row_url = row_url
        self._with_files = with_files
        names = [*_KEPT]
        for narrowing in description.filters:
            names += _parameters(narrowing)
        self._parameters = {name: request.args[name] for name in names if request.args.get(name)}
        if asked.columns:
            self._parameters["colonnes"] = ",".join(column.key for column in asked.columns)

    @property
    def tabs(self) -> list[Tab]:
        """Label, address, count and whether shown, of each state."""
        if self._tabs is not None:
            return list(self._tabs)
        return [
            *tabs_of(
                self.description, self._counts, address=self._tab_address, bound=self._bound, shown=self.asked.state
            ),
            *self._more_tabs,
        ]

    def _tab_address(self, key: str | None) -> str:
        return self.address(etat=key)

    @property
    def views(self) -> list[tuple[str, str, bool, bool]]:
        """Name, address, whether shown and whether shared, of each saved view."""
        views = self.view_bar.views if self.view_bar else ()
        here = self.parameters
        return [
            (view.name, f"{_here({})}?{view.parameters}", view.parameters == here, view.is_shared) for view in views
        ]

    @property
    def parameters(self) -> str:
        """What narrows and sorts the list and chooses its columns, as an address carries it."""
        return urlencode(sorted(self._parameters.items()))

    @property
    def here(self) -> str:
        """The address of the list as it is."""
        return self.page_url(self.page.number)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than can be paged through."""
        state = self.asked.state
        return self._bound is not None and self._counts[state.key if state else ""] > self._bound

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    @property
    def menus(self) -> list[Menu]:
        return [
            self._period(narrowing) if isinstance(narrowing, Dates) else self._choice(narrowing)
            for narrowing in self.description.filters
        ]

    @property
    def column_choices(self) -> list[tuple[str, str, bool]]:
        """Key and label of each column that may be shown, and whether it is; none where nobody chooses."""
        if not self.description.columns_chosen:
            return []
        offered = [column for column in self.description.columns if not column.only_on_page]
        return [(column.key, column.label, column in self.columns) for column in offered]

    @property
    def usual_columns_url(self) -> str:
        """The list with its own columns; nothing where it has them."""
        return self.address(colonnes=None) if self.asked.columns else ""

    @property
    def file_choices(self) -> list[tuple[str, str, None, bool]]:
        """Label and address of each kind of file, as the choices of a menu; none for a list on its page only."""
        if not self._with_files:
            return []
        return [
            (_("Classeur (XLSX)"), self.address(**{FORMAT: "xlsx"}), None, False),
            (_("Texte (CSV)"), self.address(**{FORMAT: "csv"}), None, False),
        ]

    @property
    def search_hint(self) -> str:
        """What the search looks into, in the empty field."""
        hint = self.description.search_hint or _("Chercher")
        return _("%(hint)s ou @domaine", hint=hint) if self.description.domains else hint

    @property
    def has_rows_elsewhere(self) -> bool:
        return any(self._counts.values())

    @property
    def shown(self) -> str:
        """How many rows there are, in words."""
        if self.page.pages == 1:
            return str(ngettext("%(num)d ligne", "%(num)d lignes", self.page.total))
        if self.has_more:
            return str(
                _(
                    "%(first)s à %(last)s sur plus de %(total)s : cherchez ou filtrez pour voir les suivantes",
                    first=i18n.number(self.page.first),
                    last=i18n.number(self.page.last),
                    total=i18n.number(self.page.total),
                )
            )
        return str(
            _(
                "%(first)s à %(last)s sur %(total)s",
                first=i18n.number(self.page.first),
                last=i18n.number(self.page.last),
                total=i18n.number(self.page.total),
            )
        )

    @property
    def all_label(self) -> str:
        """The choice of every row that the list shows, whatever its page."""
        count = i18n.number(self.page.total)
        return str(
            _("Toutes celles que ce filtre montre : plus de %(count)s", count=count)
            if self.has_more
            else _("Les %(count)s que ce filtre montre", count=count)
        )

    @property
    def everything_url(self) -> str:
        """The list without search and filters, same tab."""
        return _here({name: value for name, value in self._parameters.items() if name in {"etat", "tri"}})

    def row_url(self, row: Row) -> str | None:
        return self._row_url(row) if self._row_url else None

    def page_url(self, number: int) -> str:
        return self.address(page=None if number == 1 else str(number))

    def hidden(self, *but: str) -> list[tuple[str, str]]:
        """The parameters that a form of the list passes on, ``but`` those that it asks for itself."""
        return [(name, value) for name, value in self._parameters.items() if name not in but]

    def address(self, **changes: str | None) -> str:
        """Return the address of the list with ``changes``; any change leads back to the first page."""
        parameters = {**self._parameters, **changes}
        return _here({name: value for name, value in parameters.items() if value is not None})

    def _head(self, column: Column) -> Head:
        css = "number" if column.kind in listing.FIGURES else None
        if column.sort is None:
            return column.label, css, None, None
        sorted_now = self.asked.sorted_by is column
        turned = f"-{column.key}" if sorted_now and not self.asked.descending else column.key
        direction = ("descending" if self.asked.descending else "ascending") if sorted_now else None
        return column.label, css, self.address(tri=turned), direction

    def _choice(self, choice: Choice) -> Menu:
        options = self.asked.options[choice.name]
        chosen = self.asked.choices.get(choice.name)
        return Menu(
            name=choice.name,
            label=choice.label,
            text="" if chosen is None else str(options[chosen]),
            remove_url=self.address(**{choice.name: None}),
            choices=[
                (label, self.address(**{choice.name: value}), None, value == chosen) for value, label in options.items()
            ],
            is_switch=len(options) == 1,
        )

    def _period(self, dates: Dates) -> Menu:
        first, last = self.asked.periods.get(dates.name, (None, None))
        return Menu(
            name=dates.name,
            label=dates.label,
            text=_period_in_words(first, last),
            remove_url=self.address(**{f"{dates.name}-du": None, f"{dates.name}-au": None}),
            is_period=True,
            first=first,
            last=last,
        )


def tabs_of(
    description: Listing,
    counts: Mapping[str, int],
    *,
    address: Callable[[str | None], str],
    bound: int | None,
    shown: State | None,
) -> list[Tab]:
    """Return the tabs of a list; ``address`` gives that of a state by its key, of the first one by none."""
    first = description.states[0].key if description.states else ""
    return [
        (
            state.label,
            address(None if state.key == first else state.key),
            f"{i18n.number(bound)}+" if bound is not None and counts[state.key] > bound else counts[state.key],
            state is shown,
        )
        for state in description.states
    ]


def answer(
    description: Listing,
    *,
    template: str = "office/list.html",
    row_url: Callable[[Row], str | None] | None = None,
    with_files: bool = True,
    picking: Picking | None = None,
    view_bar: ViewBar | None = None,
    tabs: Sequence[Tab] | None = None,
    more_tabs: Sequence[Tab] = (),
    **context: Any,
) -> ResponseReturnValue:
    """Answer with the page of the list that the address asks for, or with the file of all its rows.

    ``row_url`` gives the address that a row's ``opens`` column leads to. The template gets the list as ``listed`` and
    ``context`` besides; one of a room's own extends ``office/list.html``. Without ``with_files`` it has no file.
    ``picking`` puts a box before each row; ``tabs`` stand instead of those of the states, ``more_tabs`` behind them.
    """
    asked = listing.read(description, request.args)
    wanted = request.args.get(FORMAT)
    if with_files and wanted in FILES:
        return _file(description, asked, kind=wanted)
    shown = ShownList(
        description,
        asked,
        listing.fetch(description, asked),
        row_url,
        with_files=with_files,
        picking=picking,
        view_bar=view_bar,
        tabs=tabs,
        more_tabs=more_tabs,
    )
    return render_template(template, listed=shown, **context)


def file_of(description: Listing, parameters: Mapping[str, str], *, kind: str) -> ResponseReturnValue:
    """Answer with the file of what ``parameters`` ask for, as the address of the list would carry them."""
    return _file(description, listing.read(description, parameters), kind=kind)


def _file(description: Listing, asked: Asked, *, kind: str) -> ResponseReturnValue:
    """Answer with every row asked for; the rows are read as the file is written, none is kept."""
    timezone = settings.current().default_timezone
    written = _written(asked.columns or description.columns)
    columns = [column for column, _value in written]
    rows = ({column.key: value(row) for column, value in written} for row in listing.every_row(description, asked))
    if kind == "csv":
        chunks = tables.csv_chunks(columns, rows, timezone=timezone)
        response = Response(stream_with_context(chunks), mimetype=FILES[kind])
    else:
        sheet = tables.xlsx_file(columns, rows, sheet=str(description.title), timezone=timezone)
        response = Response(wrap_file(request.environ, sheet), mimetype=FILES[kind])
    day = clock.local_date(clock.now())
    response.headers.set("Content-Disposition", "attachment", filename=f"{description.name}-{day}.{kind}")
    return response


def _written(shown: Sequence[Column]) -> list[tuple[tables.Column, Callable[[Row], object]]]:
    """Return the columns of the file, each with the way to its value; a labelled second line has its own."""
    written: list[tuple[tables.Column, Callable[[Row], object]]] = []
    for column in shown:
        if column.only_on_page:
            continue
        kind = _WRITTEN_AS.get(column.kind, tables.Kind.TEXT)
        written.append((tables.Column(column.key, str(column.label), kind), column.value))
        if column.second is not None and column.second_label:
            written.append((tables.Column(f"{column.key}/2", str(column.second_label)), column.second))
    return written


def _here(parameters: Mapping[str, str]) -> str:
    """Return the address of the page asked for, with other parameters."""
    values: dict[str, Any] = {**(request.view_args or {}), **parameters}
    return url_for(str(request.endpoint), **values)


def _parameters(narrowing: Choice | Dates) -> list[str]:
    return [f"{narrowing.name}-du", f"{narrowing.name}-au"] if isinstance(narrowing, Dates) else [narrowing.name]


def _period_in_words(first: date | None, last: date | None) -> str:
    if first is not None and last is not None:
        if first == last:
            return str(_("le %(day)s", day=i18n.date_short(first)))
        return str(_("du %(first)s au %(last)s", first=i18n.date_short(first), last=i18n.date_short(last)))
    if first is not None:
        return str(_("depuis le %(day)s", day=i18n.date_short(first)))
    return str(_("jusqu’au %(day)s", day=i18n.date_short(last))) if last is not None else ""

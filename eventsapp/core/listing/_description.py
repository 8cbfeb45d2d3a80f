"""What a list is: its statement, tabs, search, filters and columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm.interfaces import ORMOption

from eventsapp.core import settings
from eventsapp.core.db import UtcDateTime

#: Rows on a page unless the list says otherwise.
PAGE_SIZE = 50

Condition: TypeAlias = sa.ColumnExpressionArgument[bool]
Order: TypeAlias = Sequence[sa.ColumnExpressionArgument[Any]]
#: A row as the statement gives it: an object, or a tuple when it selects several things.
Row: TypeAlias = Any


class Kind(StrEnum):
    """How a column is set on the page and in a file."""

    TEXT = "text"
    #: A reference that people read out: it is not broken over two lines.
    CODE = "code"
    #: Integer cents.
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    #: A moment: day and hour.
    MOMENT = "moment"
    #: A word in bold, in the tone that ``tone`` gives it.
    STATE = "state"
    #: Filled so far, in percent; ``second`` says it in words.
    GAUGE = "gauge"
    #: A button of the row, an ``Action`` or nothing; only on the page.
    ACTION = "action"


#: The kinds that are set flush right.
FIGURES = frozenset({Kind.MONEY, Kind.NUMBER, Kind.DATE, Kind.MOMENT})


@dataclass(frozen=True, slots=True)
class Action:
    """A button of one row: a form that posts to ``url`` and comes back to the list."""

    label: str
    url: str
    #: What it does, to whoever hears it without the row around.
    told: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class State:
    """A tab: some of the rows, counted. The first one of a list is shown unless the address says another."""

    key: str
    label: str
    where: Condition | None = None
    #: Instead of the list's own.
    order: Order = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter with a few values; with one value only it is switched on and off."""

    name: str
    label: str
    #: Value in the address → label; a function when the database has to be asked.
    options: Mapping[str, str] | Callable[[], Mapping[str, str]]
    where: Callable[[str], Condition]

    def read(self) -> Mapping[str, str]:
        return self.options() if callable(self.options) else self.options


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """A filter by a period, both days included; parameters ``name-du`` and ``name-au``."""

    name: str
    label: str
    column: Any

    def where(self, first: date | None, last: date | None) -> list[Condition]:
        bounds: list[Condition] = []
        if first is not None:
            bounds.append(self.column >= self._bound(first))
        if last is not None:
            bounds.append(self.column < self._bound(last + timedelta(days=1)))
        return bounds

    def _bound(self, day: date) -> date | datetime:
        if not isinstance(self.column.type, UtcDateTime):
            return day
        return datetime.combine(day, time(), tzinfo=settings.zone(settings.current().default_timezone))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table and of the file."""

    key: str
    label: str
    value: Callable[[Row], Any]
    kind: Kind = field(default=Kind.TEXT, kw_only=True)
    #: A second line in quiet ink; a column of its own in the file when it has a label.
    second: Callable[[Row], Any] | None = field(default=None, kw_only=True)
    second_label: str = field(default="", kw_only=True)
    #: ``good``, ``wait``, ``bad``, ``told`` or nothing.
    tone: Callable[[Row], str | None] | None = field(default=None, kw_only=True)
    #: What the database sorts by when the head is clicked.
    sort: Any = field(default=None, kw_only=True)
    #: By which relationships ``sort`` is reached from the rows of ``counting``: nothing else is joined to sort by it.
    sort_through: Sequence[Any] = field(default=(), kw_only=True)
    #: The cell leads to the row's page.
    opens: bool = field(default=False, kw_only=True)
    #: Only in the file, not on the page.
    only_in_file: bool = field(default=False, kw_only=True)
    #: Left out of the file: a picture, a button.
    only_on_page: bool = field(default=False, kw_only=True)
    #: Phones have room for the few that matter.
    on_phone: bool = field(default=True, kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list, whole."""

    #: Names the file of an export.
    name: str
    #: Names the table to those who do not see it.
    title: str
    statement: sa.Select[*tuple[Any, ...]]
    columns: Sequence[Column]
    #: The order when none is asked for; ends with something unique.
    order: Order
    loads: Sequence[ORMOption] = ()
    states: Sequence[State] = ()
    #: The text columns that a search looks into.
    search: Sequence[Any] = ()
    #: The address columns that ``@angers.fr`` looks into.
    domains: Sequence[Any] = ()
    #: The columns of integer cents that a word which is an amount, « 621 » or « 621,00 », looks into.
    amounts: Sequence[Any] = ()
    search_hint: str = ""
    filters: Sequence[Choice | Dates] = ()
    #: Said when the list has no row at all.
    empty: str = ""
    page_size: int = PAGE_SIZE
    #: Up to so many rows of a tab are counted and paged through: a list that grows for years says « 10 000+ ».
    count_bound: int | None = None
    #: The rows of ``statement`` without what only shows or sorts them, to be counted: tabs and filters hold on it too.
    counting: sa.Select[*tuple[Any, ...]] | None = None
    #: Under what name people save their views of it; none where they do not.
    views: str = ""
    #: The reader says which columns are shown, those of the file included; the file then has the same.
    columns_chosen: bool = False

"""Lists of the office: what one shows, said once in a room's ``queries.py``, and read from the address of a request.

A room describes its list as a value::

    def order_list(*, now: datetime) -> Listing:
        late = sa.and_(Order.status == OrderStatus.CONFIRMED, Order.due_on < now.date())
        return Listing(
            name="commandes",
            title=_l("Commandes"),
            statement=sa.select(Order),
            loads=(joinedload(Order.organisation),),
            states=(State("toutes", _l("Toutes")), State("en-retard", _l("En retard"), where=late)),
            search=(Order.reference, Order.last_name, Order.billing_name, Order.email),
            domains=(Order.email,),
            filters=(
                Choice("reglement", _l("Règlement"), options=METHODS, where=lambda code: Order.payment_method == code),
                Dates("recue", _l("Reçue"), column=Order.placed_at),
            ),
            columns=(
                Column("client", _l("Client"), lambda order: order.buyer_name, opens=True, sort=Order.last_name,
                       second=lambda order: order.billing_name, second_label=_l("Organisme")),
                Column("total", _l("Montant"), lambda order: order.total_cents, kind=Kind.MONEY,
                       sort=Order.total_cents),
            ),
            order=(Order.placed_at.desc(), Order.id.desc()),
            empty=_l("Les commandes paraîtront ici dès la première."),
        )

and its page answers with it (``office/lists.py``)::

    @blueprint.get("/commandes/")
    @requires(Permission.ORDERS_VIEW)
    def orders() -> ResponseReturnValue:
        return lists.answer(
            queries.order_list(now=clock.now()),
            row_url=lambda order: url_for(".order", reference=order.reference),
        )

The address then speaks: ``?etat=en-retard&q=@angers.fr&reglement=mandat&recue-du=2026-10-01&tri=-total&page=2``, and
``&format=xlsx`` is the file of the same rows. What an address gets wrong is left out and said.

The statement selects one table, or one table and scalar columns beside it; its joins add no rows (a collection is
loaded with ``selectinload`` in ``loads``). A page costs two queries, one for the rows and one for the counts of all
tabs, and one for each collection in ``loads`` and for each ``options`` that asks the database.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm.interfaces import ORMOption

from eventsapp.core import plain_text, settings
from eventsapp.core.db import UtcDateTime, db
from eventsapp.core.pagination import LAST_PAGE, Page

#: Rows on a page unless the list says otherwise.
PAGE_SIZE = 50
#: The longest search taken, in characters; more is cut off.
SEARCH_LENGTH = 100
#: The words of a search that count.
SEARCH_WORDS = 6
#: The years that a period may lie in.
YEARS = range(1900, 2200)
#: Rows read at once while a file is written.
BATCH = 500

Condition: TypeAlias = sa.ColumnExpressionArgument[bool]
Order: TypeAlias = Sequence[sa.ColumnExpressionArgument[Any]]
#: A row as the statement gives it: an object, or a tuple when it selects several things.
Row: TypeAlias = Any


class Kind(StrEnum):
    """How a column is set on the page and in a file."""

    TEXT = "text"
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


#: The kinds that are set flush right.
FIGURES = frozenset({Kind.MONEY, Kind.NUMBER, Kind.DATE, Kind.MOMENT})


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
    statement: sa.Select[Any]
    columns: Sequence[Column]
    #: The order when none is asked for; ends with something unique.
    order: Order
    loads: Sequence[ORMOption] = ()
    states: Sequence[State] = ()
    #: The text columns that a search looks into.
    search: Sequence[Any] = ()
    #: The address columns that ``@angers.fr`` looks into.
    domains: Sequence[Any] = ()
    search_hint: str = ""
    filters: Sequence[Choice | Dates] = ()
    #: Said when the list has no row at all.
    empty: str = ""
    page_size: int = PAGE_SIZE


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
    #: The values that each ``Choice`` offers, read once.
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: What the address got wrong, in words.
    mistakes: Sequence[str] = ()

    @property
    def narrowed(self) -> bool:
        """Whether something beyond the tab narrows the list."""
        return bool(self.words or self.choices or self.periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows of a page, and how many rows each tab has under the same filters."""

    page: Page[Row]
    counts: Mapping[str, int]


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
        options=options,
        mistakes=mistakes,
    )


def fetch(listing: Listing, asked: Asked) -> Answer:
    """Return the page asked for; one beyond the end is the last one."""
    narrowed = _narrowed(listing, asked)
    states = listing.states or (State("", ""),)
    counted = narrowed.with_only_columns(
        *(sa.func.count() if state.where is None else sa.func.count().filter(state.where) for state in states),
        maintain_column_froms=True,
    )
    counts = dict(zip((state.key for state in states), db.session.execute(counted).one(), strict=True))
    total = counts[asked.state.key if asked.state else ""]
    size = listing.page_size
    number = min(asked.page, max(1, -(-total // size)))
    statement = _in_order(listing, asked, narrowed).limit(size).offset((number - 1) * size)
    rows = list(_rows(listing, statement)) if total else []
    return Answer(page=Page(items=rows, number=number, size=size, total=total), counts=counts)


def every_row(listing: Listing, asked: Asked) -> Iterator[Row]:
    """Go through all rows asked for, whatever their page, without holding them all."""
    statement = _in_order(listing, asked, _narrowed(listing, asked))
    return _rows(listing, statement.execution_options(yield_per=BATCH))


def first_rows(listing: Listing, *, words: str, most: int) -> Sequence[Row]:
    """Return the first rows that a search finds, whatever their state."""
    statement = _narrowed(listing, Asked(words=clean(words))).order_by(*listing.order).limit(most)
    return list(_rows(listing, statement))


def _narrowed(listing: Listing, asked: Asked) -> sa.Select[Any]:
    conditions: list[Condition] = []
    for narrowing in listing.filters:
        if isinstance(narrowing, Dates):
            conditions += narrowing.where(*asked.periods.get(narrowing.name, (None, None)))
        elif narrowing.name in asked.choices:
            conditions.append(narrowing.where(asked.choices[narrowing.name]))
    conditions += [_found(listing, word) for word in asked.words.split()[:SEARCH_WORDS]]
    return listing.statement.where(*conditions)


def _in_order(listing: Listing, asked: Asked, statement: sa.Select[Any]) -> sa.Select[Any]:
    order = list(listing.order)
    if asked.state is not None:
        order = list(asked.state.order or order)
        if asked.state.where is not None:
            statement = statement.where(asked.state.where)
    if asked.sorted_by is not None:
        column = asked.sorted_by.sort
        order.insert(0, (column.desc() if asked.descending else column.asc()).nulls_last())
    return statement.order_by(*order)


def _rows(listing: Listing, statement: sa.Select[Any]) -> Iterator[Row]:
    statement = statement.options(*listing.loads)
    if len(listing.statement.column_descriptions) == 1:
        yield from db.session.scalars(statement)
    else:
        yield from db.session.execute(statement)


def _found(listing: Listing, word: str) -> Condition:
    """Return that one of the searched columns holds ``word``, or that an address belongs to the domain ``@word``."""
    if word.startswith("@") and len(word) > 1 and listing.domains:
        domain = word[1:].lower()
        endings = (f"@{domain}", f".{domain}")
        return sa.or_(
            *(
                sa.func.lower(column).endswith(ending, autoescape=True)
                for column in listing.domains
                for ending in endings
            )
        )
    looked_for = plain_text.fold(word) or ""
    return sa.or_(
        sa.false(), *(plain_text.folded(column).contains(looked_for, autoescape=True) for column in listing.search)
    )


def _sort(listing: Listing, parameters: Mapping[str, str], mistakes: list[str]) -> tuple[Column | None, bool]:
    asked = parameters.get("tri", "")
    sortable = {column.key: column for column in listing.columns if column.sort is not None}
    column = sortable.get(asked.removeprefix("-"))
    if asked and column is None:
        mistakes.append(_("Cette liste ne se trie pas par « %(value)s ».", value=_shown(asked)))
    return column, column is not None and asked.startswith("-")


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
    if text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= LAST_PAGE:
        return int(text[:9])
    mistakes.append(_("« %(value)s » n’est pas un numéro de page.", value=_shown(text)))
    return 1


def clean(text: str) -> str:
    """Return a search on one line, without control characters, which PostgreSQL refuses."""
    plain = "".join(" " if unicodedata.category(mark).startswith("C") else mark for mark in text[:SEARCH_LENGTH])
    return " ".join(plain.split())


def _shown(value: str) -> str:
    return clean(value)[:40]


def counted(listing: Listing, key: str) -> sa.ScalarSelect[int]:
    """Return, to be asked beside others, how many rows the tab ``key`` has: the count that its page shows."""
    state = next(state for state in listing.states if state.key == key)
    statement = listing.statement if state.where is None else listing.statement.where(state.where)
    return statement.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None).scalar_subquery()

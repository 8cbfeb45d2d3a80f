"""The rows of a list, as many as were asked for, and how many there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql import coercions, roles, visitors

from eventsapp.core import plain_text
from eventsapp.core.db import PLANNED_ANEW, db
from eventsapp.core.listing._asked import Asked, clean
from eventsapp.core.listing._description import Condition, Dates, Listing, Order, Row, State
from eventsapp.core.money import amount_cents
from eventsapp.core.pagination import Page

#: The words of a search that count.
SEARCH_WORDS = 6
#: No column holds more.
_MOST_CENTS = 2**31 - 1
#: Rows read at once while a file is written.
BATCH = 500
#: Rows that are looked at to know whether a word finds very many of a long list.
SAMPLE = 200
#: The words of a search that find very many rows.
Broad: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows of a page, and how many rows each tab has under the same filters."""

    page: Page[Row]
    counts: Mapping[str, int]
    #: A count above it means: more than so many.
    bound: int | None = None


def fetch(listing: Listing, asked: Asked) -> Answer:
    """Return the page asked for; one beyond the end is the last one."""
    broad = _broad(listing, asked)
    counts = _counts(listing, asked, broad)
    found = counts[asked.state.key if asked.state else ""]
    bound = listing.count_bound
    total = found if bound is None else min(found, bound)
    size = listing.page_size
    number = min(asked.page, max(1, -(-total // size)))
    order = _order(listing, asked)
    if bound is None:
        statement = _of_tab(asked, _narrowed(listing, asked))
        statement = statement.order_by(*order).limit(size).offset((number - 1) * size)
    else:
        # Among many rows the keys of the page are found first, and nothing else of a row is carried through the sort.
        keys = _keys(listing, asked, broad, order).limit(size).offset((number - 1) * size).correlate(None)
        statement = listing.statement.where(_entity(listing).id.in_(keys)).order_by(*order)
    rows = list(_rows(listing, statement)) if total else []
    return Answer(page=Page(items=rows, number=number, size=size, total=total), counts=counts, bound=bound)


def tab_counts(listing: Listing, asked: Asked) -> Mapping[str, int]:
    """Return how many rows each tab has under the filters asked for, as the page of the list shows it."""
    return _counts(listing, asked, _broad(listing, asked))


def selected_keys(listing: Listing, asked: Asked, *, most: int) -> Sequence[int]:
    """Return the keys of the first rows asked for, whatever their page, in their order."""
    keys = _keys(listing, asked, _broad(listing, asked), _order(listing, asked))
    return db.session.scalars(keys.limit(most)).all()


def every_row(listing: Listing, asked: Asked) -> Iterator[Row]:
    """Go through all rows asked for, whatever their page, without holding them all."""
    statement = _of_tab(asked, _narrowed(listing, asked)).order_by(*_order(listing, asked))
    return _rows(listing, statement.execution_options(yield_per=BATCH))


def first_rows(listing: Listing, *, words: str, most: int) -> Sequence[Row]:
    """Return the first rows that a search finds, whatever their state."""
    asked = Asked(words=clean(words))
    statement = _narrowed(listing, asked, broad=_broad(listing, asked)).order_by(*listing.order).limit(most)
    return list(_rows(listing, statement))


def _counts(listing: Listing, asked: Asked, broad: Broad) -> Mapping[str, int]:
    """Return how many rows each tab has: one statement, two where a search finds more than are counted."""
    states = listing.states or (State("", ""),)
    keys = [state.key for state in states]
    narrowed = _narrowed(listing, asked, of=_counting(listing, broad), broad=broad)
    if listing.count_bound is None:
        counted = narrowed.with_only_columns(
            *(sa.func.count() if state.where is None else sa.func.count().filter(state.where) for state in states),
            maintain_column_froms=True,
        )
        return dict(zip(keys, db.session.execute(counted, execution_options=PLANNED_ANEW).one(), strict=True))
    most = listing.count_bound + 1
    if asked.narrowed and not broad:
        # What is found is found once for all tabs, and few rows as a rule.
        flags = [
            sa.case((sa.true() if state.where is None else state.where, True), else_=False).label(f"tab_{place}")
            for place, state in enumerate(states)
        ]
        rows = narrowed.with_only_columns(*flags, maintain_column_froms=True).limit(most).subquery()
        in_all = sa.select(sa.func.count(), *(sa.func.count().filter(column) for column in rows.c)).select_from(rows)
        total, *counts = db.session.execute(in_all, execution_options=PLANNED_ANEW).one()
        if total < most:
            return dict(zip(keys, counts, strict=True))
    of_each = [narrowed if state.where is None else narrowed.where(state.where) for state in states]
    bounded = (_bounded(each.with_only_columns(sa.literal(1), maintain_column_froms=True), most) for each in of_each)
    return dict(zip(keys, db.session.execute(sa.select(*bounded), execution_options=PLANNED_ANEW).one(), strict=True))


def _broad(listing: Listing, asked: Asked) -> Broad:
    """Return which words of a search find more rows than are counted: each row is then asked, until a page is full.

    By an index all their rows would be gathered first. Nothing is asked without a search, nor of a short list; what
    most rows hold is seen in a few of them. Nothing but the time an answer takes hangs on it.
    """
    words = asked.words.split()[:SEARCH_WORDS]
    if listing.count_bound is None or not words:
        return frozenset()
    most = listing.count_bound + 1
    rows = listing.statement if listing.counting is None else listing.counting
    counted = _bounded(rows.with_only_columns(sa.literal(1), maintain_column_froms=True), most)
    if db.session.scalars(sa.select(counted)).one() < most:
        return frozenset()
    some = listing.statement.with_only_columns(
        *(
            sa.case((_asked_of_each(listing, word), 1), else_=0).label(f"word_{place}")
            for place, word in enumerate(words)
        ),
        maintain_column_froms=True,
    ).limit(SAMPLE)
    sampled = some.subquery()
    held = db.session.execute(sa.select(*(sa.func.coalesce(sa.func.sum(column), 0) for column in sampled.c))).one()
    broad = {word for word, count in zip(words, held, strict=True) if count >= SAMPLE // 2}
    others = [word for word in words if word not in broad]
    if others:
        found = db.session.execute(sa.select(*(_bounded(_holding(listing, word), most) for word in others))).one()
        broad |= {word for word, count in zip(others, found, strict=True) if count == most}
    return frozenset(broad)


def _bounded(statement: sa.Select[Any] | sa.CompoundSelect[Any], most: int) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(statement.limit(most).subquery()).scalar_subquery()


def _counting(listing: Listing, broad: Broad) -> sa.Select[Any]:
    """Return the rows without what only shows or sorts them, unless a word has to be looked for in that."""
    return listing.statement if listing.counting is None or broad else listing.counting


def _keys(listing: Listing, asked: Asked, broad: Broad, order: Order) -> sa.Select[int]:
    """Return the keys of all rows asked for, in their order."""
    entity = _entity(listing)
    sorted_in = {
        part.table
        for clause in order
        for part in visitors.iterate(coercions.expect(roles.OrderByRole, clause))
        if isinstance(part, sa.Column)
    }
    base = _counting(listing, broad)
    if not sorted_in <= {entity.__table__} and base is not listing.statement:
        through = asked.sorted_by.sort_through if asked.sorted_by else ()
        base = base.join(*through[:1]) if through else listing.statement
        for further in through[1:]:
            base = base.join(further)
    narrowed = _of_tab(asked, _narrowed(listing, asked, of=base, broad=broad))
    return narrowed.with_only_columns(entity.id, maintain_column_froms=True).order_by(*order)


def _entity(listing: Listing) -> Any:
    return listing.statement.column_descriptions[0]["entity"]


def _narrowed(
    listing: Listing, asked: Asked, *, of: sa.Select[Any] | None = None, broad: Broad = frozenset()
) -> sa.Select[Any]:
    conditions: list[Condition] = []
    for narrowing in listing.filters:
        if isinstance(narrowing, Dates):
            conditions += narrowing.where(*asked.periods.get(narrowing.name, (None, None)))
        elif narrowing.name in asked.choices:
            conditions.append(narrowing.where(asked.choices[narrowing.name]))
    for word in asked.words.split()[:SEARCH_WORDS]:
        conditions.append(_asked_of_each(listing, word) if word in broad else _found(listing, word))
    return (listing.statement if of is None else of).where(*conditions)


def _of_tab(asked: Asked, statement: sa.Select[Any]) -> sa.Select[Any]:
    return statement if asked.state is None or asked.state.where is None else statement.where(asked.state.where)


def _order(listing: Listing, asked: Asked) -> list[Any]:
    order: list[Any] = list((asked.state.order if asked.state else ()) or listing.order)
    if asked.sorted_by is not None:
        column = asked.sorted_by.sort
        order.insert(0, (column.desc() if asked.descending else column.asc()).nulls_last())
    return order


def _rows(listing: Listing, statement: sa.Select[Any]) -> Iterator[Row]:
    statement = statement.options(*listing.loads).execution_options(**PLANNED_ANEW)
    if len(listing.statement.column_descriptions) == 1:
        yield from db.session.scalars(statement)
    else:
        yield from db.session.execute(statement)


def _found(listing: Listing, word: str) -> Condition:
    """Return that a row is among those that ``word`` finds, or that an address belongs to the domain ``@word``."""
    if len(_looked_for(listing, word)) < 2 or _entity(listing) is None:
        return _holds(listing, word)
    # One condition over several tables reads all their rows; those of each table its indexes may find.
    key: sa.ColumnElement[int] = _entity(listing).id
    return key.in_(_holding(listing, word))


def _holds(listing: Listing, word: str, *, folded: type[plain_text.folded] = plain_text.folded) -> Condition:
    """Return the same of a row by itself."""
    by_table = _looked_for(listing, word, folded=folded)
    return sa.or_(sa.false(), *(condition for of_table in by_table.values() for condition in of_table))


def _asked_of_each(listing: Listing, word: str) -> sa.ColumnElement[bool]:
    """Return the same to be asked of row after row; PostgreSQL, which takes a word for rare, cannot tell in a case."""
    return sa.case((_holds(listing, word, folded=plain_text.folded_by_row), sa.true()), else_=sa.false())


def _holding(listing: Listing, word: str) -> sa.CompoundSelect[Any]:
    """Return the keys of the rows that ``word`` finds, by each table that holds it."""
    entity = _entity(listing)
    parts = []
    for table, conditions in _looked_for(listing, word).items():
        own = table is entity and listing.counting is not None
        rows = listing.counting if own and listing.counting is not None else listing.statement
        parts.append(
            rows.with_only_columns(entity.id, maintain_column_froms=True).correlate(None).where(sa.or_(*conditions))
        )
    return sa.union_all(*parts)


def _looked_for(
    listing: Listing, word: str, *, folded: type[plain_text.folded] = plain_text.folded
) -> Mapping[Any, list[Condition]]:
    """Return what a word of a search asks of the columns of each table."""
    by_table: dict[Any, list[Condition]] = {}
    if word.startswith("@") and len(word) > 1 and listing.domains:
        domain = plain_text.fold(word[1:]) or ""
        for column in listing.domains:
            text = folded(column)
            for ending in (f"@{domain}", f".{domain}"):
                condition = text.endswith(ending, autoescape=True)
                by_table.setdefault(getattr(column, "class_", None), []).append(condition)
        return by_table
    looked_for = plain_text.fold(word) or ""
    for column in listing.search:
        holds = folded(column).contains(looked_for, autoescape=True)
        by_table.setdefault(getattr(column, "class_", None), []).append(holds)
    cents = amount_cents(word) if listing.amounts else None
    if cents is not None and cents <= _MOST_CENTS:
        for column in listing.amounts:
            by_table.setdefault(getattr(column, "class_", None), []).append(column == cents)
    return by_table


def counted(listing: Listing, key: str) -> sa.ScalarSelect[int]:
    """Return, to be asked beside others, how many rows the tab ``key`` has: the count that its page shows."""
    state = next(state for state in listing.states if state.key == key)
    statement = listing.statement if state.where is None else listing.statement.where(state.where)
    return statement.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None).scalar_subquery()

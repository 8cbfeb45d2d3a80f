"""The rows of a list, as many as were asked for, and how many there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from eventsapp.core import plain_text
from eventsapp.core.db import db
from eventsapp.core.listing._asked import Asked, clean
from eventsapp.core.listing._description import Condition, Dates, Listing, Row, State
from eventsapp.core.money import amount_cents
from eventsapp.core.pagination import Page

#: The words of a search that count.
SEARCH_WORDS = 6
#: No column holds more.
_MOST_CENTS = 2**31 - 1
#: Rows read at once while a file is written.
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows of a page, and how many rows each tab has under the same filters."""

    page: Page[Row]
    counts: Mapping[str, int]
    #: A count above it means: more than so many.
    bound: int | None = None


def fetch(listing: Listing, asked: Asked) -> Answer:
    """Return the page asked for; one beyond the end is the last one."""
    narrowed = _narrowed(listing, asked)
    counts = _counts(listing, asked)
    found = counts[asked.state.key if asked.state else ""]
    bound = listing.count_bound
    total = found if bound is None else min(found, bound)
    size = listing.page_size
    number = min(asked.page, max(1, -(-total // size)))
    statement = _in_order(listing, asked, narrowed).limit(size).offset((number - 1) * size)
    rows = list(_rows(listing, statement)) if total else []
    page = Page(items=rows, number=number, size=size, total=total)
    return Answer(page=page, counts=counts, bound=bound)


def tab_counts(listing: Listing, asked: Asked) -> Mapping[str, int]:
    """Return how many rows each tab has under the filters asked for, as the page of the list shows it."""
    return _counts(listing, asked)


def selected_keys(listing: Listing, asked: Asked, *, most: int) -> Sequence[int]:
    """Return the keys of the first rows asked for, whatever their page, in their order."""
    entity = listing.statement.column_descriptions[0]["entity"]
    statement = _in_order(listing, asked, _narrowed(listing, asked)).limit(most)
    return db.session.scalars(statement.with_only_columns(entity.id, maintain_column_froms=True)).all()


def every_row(listing: Listing, asked: Asked) -> Iterator[Row]:
    """Go through all rows asked for, whatever their page, without holding them all."""
    statement = _in_order(listing, asked, _narrowed(listing, asked))
    return _rows(listing, statement.execution_options(yield_per=BATCH))


def first_rows(listing: Listing, *, words: str, most: int) -> Sequence[Row]:
    """Return the first rows that a search finds, whatever their state."""
    statement = _narrowed(listing, Asked(words=clean(words))).order_by(*listing.order).limit(most)
    return list(_rows(listing, statement))


def _counts(listing: Listing, asked: Asked) -> Mapping[str, int]:
    """Return how many rows each tab has: one statement, two where a search finds more than are counted."""
    states = listing.states or (State("", ""),)
    keys = [state.key for state in states]
    narrowed = _narrowed(listing, asked, of=listing.statement if listing.counting is None else listing.counting)
    if listing.count_bound is None:
        counted = narrowed.with_only_columns(
            *(sa.func.count() if state.where is None else sa.func.count().filter(state.where) for state in states),
            maintain_column_froms=True,
        )
        return dict(zip(keys, db.session.execute(counted).one(), strict=True))
    most = listing.count_bound + 1
    if asked.narrowed:
        # What is found is found once for all tabs, and few rows as a rule.
        flags = [
            sa.cast(sa.true() if state.where is None else sa.case((state.where, True), else_=False), sa.Boolean).label(
                f"tab_{place}"
            )
            for place, state in enumerate(states)
        ]
        rows = narrowed.with_only_columns(*flags, maintain_column_froms=True).limit(most).subquery()
        in_all = sa.select(sa.func.count(), *(sa.func.count().filter(column) for column in rows.c)).select_from(rows)
        total, *counts = db.session.execute(in_all).one()
        if total < most:
            return dict(zip(keys, counts, strict=True))
    of_each = [narrowed if state.where is None else narrowed.where(state.where) for state in states]
    bounded = (
        sa.select(sa.func.count())
        .select_from(each.with_only_columns(sa.literal(1), maintain_column_froms=True).limit(most).subquery())
        .scalar_subquery()
        for each in of_each
    )
    return dict(zip(keys, db.session.execute(sa.select(*bounded)).one(), strict=True))


def _narrowed(listing: Listing, asked: Asked, *, of: sa.Select[Any] | None = None) -> sa.Select[Any]:
    conditions: list[Condition] = []
    for narrowing in listing.filters:
        if isinstance(narrowing, Dates):
            conditions += narrowing.where(*asked.periods.get(narrowing.name, (None, None)))
        elif narrowing.name in asked.choices:
            conditions.append(narrowing.where(asked.choices[narrowing.name]))
    conditions += [_found(listing, word) for word in asked.words.split()[:SEARCH_WORDS]]
    return (listing.statement if of is None else of).where(*conditions)


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
        domain = plain_text.fold(word[1:]) or ""
        endings = (f"@{domain}", f".{domain}")
        return sa.or_(
            *(
                plain_text.folded(column).endswith(ending, autoescape=True)
                for column in listing.domains
                for ending in endings
            )
        )
    looked_for = plain_text.fold(word) or ""
    by_table: dict[Any, list[Condition]] = {}
    for column in listing.search:
        holds = plain_text.folded(column).contains(looked_for, autoescape=True)
        by_table.setdefault(getattr(column, "class_", None), []).append(holds)
    cents = amount_cents(word) if listing.amounts else None
    if cents is not None and cents <= _MOST_CENTS:
        for column in listing.amounts:
            by_table.setdefault(getattr(column, "class_", None), []).append(column == cents)
    row = listing.statement.column_descriptions[0]["entity"]
    if len(by_table) < 2 or row is None:
        return sa.or_(sa.false(), *(condition for of_table in by_table.values() for condition in of_table))
    # One condition over several tables reads all their rows; those of each table its indexes may find.
    found = listing.statement.with_only_columns(row.id, maintain_column_froms=True).correlate(None)
    of_each = (found.where(sa.or_(*of_table)) for of_table in by_table.values())
    key: sa.ColumnElement[int] = row.id
    return key.in_(sa.union_all(*of_each))


def counted(listing: Listing, key: str) -> sa.ScalarSelect[int]:
    """Return, to be asked beside others, how many rows the tab ``key`` has: the count that its page shows."""
    state = next(state for state in listing.states if state.key == key)
    statement = listing.statement if state.where is None else listing.statement.where(state.where)
    return statement.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None).scalar_subquery()

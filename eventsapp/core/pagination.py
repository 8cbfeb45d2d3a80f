"""Pages of a long list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from eventsapp.core.db import db

T = TypeVar("T")

#: The last page asked for by number; beyond it a database only burns time counting off rows.
LAST_PAGE = 10_000


def page_number(text: str) -> int | None:
    """Return the page that an address names, from 1 to ``LAST_PAGE``; ``None`` for what is no such number."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PAGE)) else 0
    return number if 1 <= number <= LAST_PAGE else None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of the items of a list, and where they stand in it."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first item shown, from 1; 0 on an empty page."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None

    def around(self) -> list[int | None]:
        """Return the page numbers to offer, ``None`` for a gap: 1 … 4 [5] 6 … 12."""
        near = {1, self.pages, *range(self.number - 1, self.number + 2)}
        offered: list[int | None] = []
        previous = 0
        for number in sorted(number for number in near if 1 <= number <= self.pages):
            if number - previous > 1:
                offered.append(None)
            offered.append(number)
            previous = number
        return offered


def paginate(
    statement: sa.Select[Any],
    *,
    page: int,
    size: int,
    total: int | None = None,
    prepare: Callable[[Sequence[Any]], Sequence[T]] = list,
) -> Page[T]:
    """Return page ``page`` (from 1) of the rows of ``statement``; a page beyond the end is the last one.

    Two queries, whatever the number of rows (and those of the statement's eager loads); one when ``total`` is known.
    """
    if total is None:
        total = db.session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = within(page, size=size, total=total)
    rows = db.session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(items=prepare(rows), number=number, size=size, total=total)


def within(page: int, *, size: int, total: int) -> int:
    """Return ``page``, or the nearest page that a list of ``total`` items has."""
    return min(max(1, page), max(1, -(-total // size)))

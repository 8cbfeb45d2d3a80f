"""Counting what a request asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

_HOUSEKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")


class QueryCount:
    """The statements seen so far."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self) -> int:
        return len(self.statements)


@contextmanager
def counting_queries() -> Iterator[QueryCount]:
    """Count the statements that every engine executes inside, housekeeping of transactions left out."""
    count = QueryCount()

    def remember(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.lstrip().upper().startswith(_HOUSEKEEPING):
            count.statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", remember)
    try:
        yield count
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", remember)

"""PostgreSQL plans a search for its words, and keeps ready what is asked in the same way again and again."""

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core.db import PLANNED_ANEW, db
from eventsapp.study_days.models import StudyDay

pytestmark = [pytest.mark.writers_at_once, pytest.mark.usefixtures("transaction")]

#: After so many times psycopg has a statement prepared.
_OFTEN = 6


def prepared(mark: str) -> int:
    """Return how many statements with ``mark`` in their text the connection holds prepared."""
    held = sa.table("pg_prepared_statements", sa.column("statement", sa.String))
    return db.session.scalar(sa.select(sa.func.count()).select_from(held).where(held.c.statement.contains(mark))) or 0


@pytest.mark.parametrize(
    ("mark", "where", "options", "kept"),
    [
        ("plain", StudyDay.slug == "angers", {}, 1),
        ("holding", StudyDay.title.contains("angers"), {}, 0),
        ("found", sa.text("to_tsvector(title) @@ to_tsquery('angers')"), {}, 0),
        ("listed", StudyDay.slug == "angers", PLANNED_ANEW, 0),
    ],
)
def test_what_depends_on_its_values_is_not_kept_prepared(
    app: Flask, mark: str, where: sa.ColumnElement[bool], options: dict[str, bool], kept: int
) -> None:
    for _ in range(_OFTEN):
        db.session.execute(sa.select(StudyDay.id.label(mark)).where(where), execution_options=options)

    assert prepared(f" AS {mark}") == kept

"""Alembic's entry: the migrations run on the application's own engine, one transaction each."""

import importlib.util
import pkgutil
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

import eventsapp
from eventsapp.core.db import Base, UtcDateTime, writing

for room in pkgutil.iter_modules(eventsapp.__path__, "eventsapp."):
    if room.ispkg and importlib.util.find_spec(f"{room.name}.models"):
        importlib.import_module(f"{room.name}.models")
for floor in ("slugs", "page_cache"):
    importlib.import_module(f"eventsapp.core.{floor}")


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write plain types into the migrations, so that they run whatever becomes of the models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    if kind == "type" and isinstance(item, sa.JSON):
        return "sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), 'postgresql')"
    return False


def compare_type(_context: Any, _inspected: Any, _column: Any, inspected_type: Any, metadata_type: Any) -> bool | None:
    """A word of a closed list is kept as plain text."""
    if isinstance(metadata_type, sa.Enum) and isinstance(inspected_type, sa.String):
        return inspected_type.length != metadata_type.length
    return None


def include_object(_item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Leave out what the search index made for itself, and indexes of trigrams, which not every database has."""
    if name is None:
        return True
    return not (kind == "table" and name.startswith("search_")) and not (kind == "index" and name.endswith("_trgm"))


def check_foreign_keys(connection: sa.Connection, *, on: bool) -> None:
    """Switch SQLite's checks: a table that Alembic rebuilds is away for a moment, and its references with it."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


database = current_app.extensions["migrate"].db
with writing(), database.engine.connect() as connection:
    check_foreign_keys(connection, on=False)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=compare_type,
        include_object=include_object,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    check_foreign_keys(connection, on=True)

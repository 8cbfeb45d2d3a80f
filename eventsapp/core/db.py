"""The database: the base of every table, and how SQLite and PostgreSQL are spoken to."""

import contextvars
import enum
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection, ExecutionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from eventsapp.core import plain_text

#: Seconds a writer waits for another on SQLite before the request gives up.
SQLITE_PATIENCE = 10
#: Connections a web process keeps open to PostgreSQL; one a thread.
POOL_SIZE = 10
#: How PostgreSQL is to answer us. Compiling a statement (JIT) takes it up to seconds where tables have not been
#: analysed yet, and wins nothing on pages of twenty rows.
_POSTGRESQL_OPTIONS = "-c timezone=UTC -c jit=off"
#: What PostgreSQL keeps prepared it ends up planning for any values. What a search asks for a few rows have, or most of
#: them: such a statement, known by these signs or by its option, is planned for the values at hand.
_OF_A_SEARCH = ("@@", " LIKE ")
PLANNED_ANEW = {"planned_anew": True}
#: The connection that was used last serves again: it has the statements prepared.
_POOL = {"pool_size": POOL_SIZE, "pool_pre_ping": True, "pool_use_lifo": True}

#: Whether the transaction that is about to begin may write (SQLite takes its write lock at once then).
_may_write: contextvars.ContextVar[bool] = contextvars.ContextVar("may_write", default=False)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware time, kept in UTC on both databases; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive time {value!r}: say the time zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table has: a numeric key, and the types that annotations stand for."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: UtcDateTime(),
            dict[str, Any]: sa.JSON().with_variant(JSONB(), "postgresql"),
            list[Any]: sa.JSON().with_variant(JSONB(), "postgresql"),
            enum.StrEnum: sa.Enum(
                enum.StrEnum, native_enum=False, length=20, values_callable=lambda words: [word.value for word in words]
            ),
        },
    )

    #: Which pages show the rows of this table; a change there makes cached pages of the scope anew.
    __shown_in__: ClassVar[str | None] = None

    id: Mapped[int] = mapped_column(primary_key=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {sa.inspect(self).identity}>"


db = SQLAlchemy(
    model_class=Base,
    session_options={"join_transaction_mode": "create_savepoint"},
)

if TYPE_CHECKING:

    class Model(Base):
        """What every table derives from."""

        __abstract__ = True
else:
    Model = db.Model


def init_app(app: Flask, *, database_url: str) -> None:
    """Connect ``app`` to the database at ``database_url``."""
    sqlite = database_url.startswith("sqlite")
    if sqlite:
        Path(sa.make_url(database_url).database or "").parent.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    options: dict[str, Any] = (
        {"connect_args": {"timeout": SQLITE_PATIENCE}}
        if sqlite
        else _POOL | {"connect_args": {"options": _POSTGRESQL_OPTIONS}}
    )
    # An error of a statement reaches the log without the values: they are names, addresses, secrets.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options | {"hide_parameters": True}
    db.init_app(app)
    if sqlite:
        with app.app_context():
            sa.event.listen(db.engine, "connect", _prepare_sqlite)
            sa.event.listen(db.engine, "begin", _begin_on_sqlite)
    else:
        with app.app_context():
            sa.event.listen(db.engine, "do_execute", _plan_anew)


@contextmanager
def writing() -> Iterator[None]:
    """Say that transactions begun inside may write."""
    token = _may_write.set(True)
    try:
        yield
    finally:
        _may_write.reset(token)


def on_sqlite() -> bool:
    """Return whether the application's database is SQLite."""
    return db.engine.dialect.name == "sqlite"


def _plan_anew(cursor: Any, statement: str, parameters: Any, context: ExecutionContext) -> bool:
    """Run a statement without preparing it, where its plan depends on its values; return whether it was run."""
    if isinstance(cursor, psycopg.ServerCursor):
        # It prepares nothing.
        return False
    anew = "planned_anew" in context.execution_options or any(sign in statement for sign in _OF_A_SEARCH)
    if anew:
        cursor.execute(statement, parameters, prepare=False)
    return anew


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Leave transactions to SQLAlchemy (Python's driver begins them too late), and check foreign keys."""
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - for the type checker
    connection.isolation_level = None
    connection.create_function(plain_text.SQLITE_FUNCTION, 1, plain_text.fold, deterministic=True)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={SQLITE_PATIENCE}000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_on_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write.get() else "BEGIN")

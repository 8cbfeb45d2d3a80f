"""The triggers of the append-only tables, taken away for a test that forges their lines."""

import sqlalchemy as sa

from eventsapp.core.db import db, on_sqlite
from eventsapp.payments.queries import APPEND_ONLY


def lift_guards() -> None:
    """Let lines be changed, as whoever owns the database can; it ends with the test's transaction."""
    for table in APPEND_ONLY:
        for statement in _lifting(table):
            db.session.execute(sa.text(statement))


def _lifting(table: str) -> list[str]:
    if on_sqlite():
        return [f"DROP TRIGGER {table}_no_{event}" for event in ("update", "delete")]
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER"]

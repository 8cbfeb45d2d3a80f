"""On PostgreSQL a search within names, addresses and references is answered by an index of trigrams.

The extension is trusted since PostgreSQL 13: the owner of a database may create it. Where that is not allowed, or it is
not installed, a search reads the rows as before, and ``flask db downgrade`` and ``upgrade`` try again.
"""

import logging

import sqlalchemy as sa
from alembic import op

revision = "20261130_1924"
down_revision = "20261130_1922"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.runtime.migration")

_WORDS = {
    "orders": ("reference", "first_name", "last_name", "billing_name", "email", "siret"),
    "registrations": ("first_name", "last_name", "email", "job_title"),
}
_ACCENTED = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸ"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql" or not _has_trigrams(connection):
        return
    for table, columns in _WORDS.items():
        words = ", ".join(f"({_folded(column)}) gin_trgm_ops" for column in columns)
        op.execute(sa.text(f"CREATE INDEX ix_{table}_words_trgm ON {table} USING gin ({words})"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _WORDS:
            op.execute(f"DROP INDEX IF EXISTS ix_{table}_words_trgm")


def _has_trigrams(connection: sa.Connection) -> bool:
    """Return whether there are trigrams; where nobody may make them the migration goes on without."""
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError as error:
        log.warning("searches in the office stay slow when there are many orders, without pg_trgm: %s", error.orig)
        return False
    return True


def _folded(column: str) -> str:
    """Return a column as searches of the office compare it."""
    for ligature, capital, letters in (("œ", "Œ", "oe"), ("æ", "Æ", "ae")):
        column = f"replace(replace({column}, '{ligature}', '{letters}'), '{capital}', '{letters}')"
    return f"lower(translate({column}, '{_ACCENTED}', '{_PLAIN}'))"

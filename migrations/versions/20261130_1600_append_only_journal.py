"""A payment journal that the database itself keeps from being changed, and its yearly closings."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1600"
down_revision = "20261130_1500"
branch_labels = None
depends_on = None

#: Tables to which lines are added and nothing else is done. A later migration that has SQLite rebuild one of them
#: (``batch_alter_table``) loses its triggers there and must lay them again: ``flask doctor`` and the tests notice.
_APPEND_ONLY = ("payment_journal", "journal_closings")
_REFUSE = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "journal_closings",
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("came_in_cents", sa.BigInteger(), nullable=False),
        sa.Column("went_out_cents", sa.BigInteger(), nullable=False),
        sa.Column("grand_total_cents", sa.BigInteger(), nullable=False),
        sa.Column("last_rank", sa.Integer(), nullable=False),
        sa.Column("journal_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_closings")),
        sa.UniqueConstraint("is_test", "year", name=op.f("uq_journal_closings_is_test_year")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_closings_hash")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(_REFUSE)
    for table in _APPEND_ONLY:
        for statement in _on_sqlite(table) if on_sqlite else _on_postgresql(table):
            op.execute(statement)


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _APPEND_ONLY:
        for event in ("update", "delete") if on_sqlite else ("change", "truncate"):
            op.execute(f"DROP TRIGGER {table}_no_{event}" + ("" if on_sqlite else f" ON {table}"))
    if not on_sqlite:
        op.execute("DROP FUNCTION append_only()")
    op.drop_table("journal_closings")


def _on_sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for event in ("update", "delete")
    ]


def _on_postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{name} BEFORE {events} ON {table} FOR EACH {each} EXECUTE FUNCTION append_only()"
        for name, events, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"))
    ]

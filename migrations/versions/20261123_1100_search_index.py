"""The search index: entries, their words, and the trigrams of names."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("study_day_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("detail", sa.String(500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
        sa.UniqueConstraint("kind", "object_id", name="uq_search_entries_kind_object_id"),
    )
    op.create_index("ix_search_entries_study_day_id", "search_entries", ["study_day_id"])
    op.create_table(
        "search_trigrams",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("trigram", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "trigram", name="pk_search_trigrams"),
    )
    op.create_index("ix_search_trigrams_trigram", "search_trigrams", ["trigram"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING "
            "fts5(title, names, body, tokenize = 'unicode61 remove_diacritics 2')"
        )
        return
    op.create_table(
        "search_index",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("vector", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_search_index"),
    )
    op.create_index("ix_search_index_vector", "search_index", ["vector"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("search_index")
    op.drop_table("search_trigrams")
    op.drop_table("search_entries")

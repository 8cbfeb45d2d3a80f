"""The words of titles and names, by groups of three letters: what was meant by a word that finds nothing."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2233"
down_revision = "20261130_2232"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_words",
        sa.Column("trigram", sa.String(3), nullable=False),
        sa.Column("word", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("trigram", "word", name="pk_search_words"),
    )


def downgrade() -> None:
    op.drop_table("search_words")

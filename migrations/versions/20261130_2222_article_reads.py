"""How often articles are read, by day and kind of reader."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2222"
down_revision = "20261130_2221"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_reads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("read_by", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_article_reads_count_positive")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], ondelete="CASCADE", name=op.f("fk_article_reads_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_reads")),
        sa.UniqueConstraint(
            "article_id", "read_on", "read_by", name=op.f("uq_article_reads_article_id_read_on_read_by")
        ),
    )
    op.create_index(op.f("ix_article_reads_read_on_article_id"), "article_reads", ["read_on", "article_id"])


def downgrade() -> None:
    op.drop_table("article_reads")

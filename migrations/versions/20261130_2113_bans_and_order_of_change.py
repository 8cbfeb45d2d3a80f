"""Who may comment no more, for how long an article takes comments, and the order in which libraries harvest."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2113"
down_revision = "20261130_2112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_articles_updated_at_id"), "articles", ["updated_at", "id"])
    with op.batch_alter_table("reading_terms") as batch_op:
        batch_op.add_column(sa.Column("comments_days", sa.Integer(), nullable=False, server_default="90"))
        batch_op.create_check_constraint(op.f("ck_reading_terms_comments_days_positive"), "comments_days >= 0")
    with op.batch_alter_table("reading_terms") as batch_op:
        batch_op.alter_column("comments_days", server_default=None, existing_type=sa.Integer())
    op.create_table(
        "comment_bans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_bans")),
        sa.UniqueConstraint("email", name=op.f("uq_comment_bans_email")),
    )


def downgrade() -> None:
    op.drop_table("comment_bans")
    with op.batch_alter_table("reading_terms") as batch_op:
        batch_op.drop_constraint(op.f("ck_reading_terms_comments_days_positive"), type_="check")
        batch_op.drop_column("comments_days")
    op.drop_index(op.f("ix_articles_updated_at_id"), table_name="articles")

"""Libraries harvest the articles in the order in which they changed."""

from alembic import op

revision = "20261130_2113"
down_revision = "20261130_2112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_articles_updated_at_id"), "articles", ["updated_at", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_articles_updated_at_id"), table_name="articles")

"""Texts of articles show pictures."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0201"
down_revision = "20261201_0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_pictures",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_text_pictures_file_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_pictures")),
        sa.UniqueConstraint("file_id", name=op.f("uq_text_pictures_file_id")),
    )
    op.create_table(
        "article_text_pictures",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_text_pictures_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["text_pictures.id"],
            name=op.f("fk_article_text_pictures_picture_id_text_pictures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "picture_id", name=op.f("pk_article_text_pictures")),
    )
    op.create_index(op.f("ix_article_text_pictures_picture_id"), "article_text_pictures", ["picture_id"])


def downgrade() -> None:
    op.drop_table("article_text_pictures")
    op.drop_table("text_pictures")

"""An article has a picture, with what it shows and whose it is."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2241"
down_revision = "20261130_2233"
branch_labels = None
depends_on = None

_TEXTS = {"cover_alt": 300, "cover_credit": 150}


def upgrade() -> None:
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("cover_id", sa.Integer()))
        batch_op.create_foreign_key(
            batch_op.f("fk_articles_cover_id_stored_files"), "stored_files", ["cover_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_articles_cover_id"), ["cover_id"])
        for column, length in _TEXTS.items():
            batch_op.add_column(sa.Column(column, sa.String(length=length), nullable=False, server_default=""))
    with op.batch_alter_table("articles") as batch_op:
        for column, length in _TEXTS.items():
            batch_op.alter_column(column, server_default=None, existing_type=sa.String(length=length))


def downgrade() -> None:
    with op.batch_alter_table("articles") as batch_op:
        for column in _TEXTS:
            batch_op.drop_column(column)
        batch_op.drop_index(batch_op.f("ix_articles_cover_id"))
        batch_op.drop_constraint(batch_op.f("fk_articles_cover_id_stored_files"), type_="foreignkey")
        batch_op.drop_column("cover_id")

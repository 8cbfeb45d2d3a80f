"""An issue has a cover, its order and itself as one PDF."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2103"
down_revision = "20261130_2102"
branch_labels = None
depends_on = None

_FILES = ("cover_id", "pdf_id")
_TEXTS = {"cover_alt": 300, "cover_credit": 150}


def upgrade() -> None:
    with op.batch_alter_table("issues") as batch_op:
        for column in _FILES:
            batch_op.add_column(sa.Column(column, sa.Integer()))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_issues_{column}_stored_files"), "stored_files", [column], ["id"]
            )
            batch_op.create_index(batch_op.f(f"ix_issues_{column}"), [column])
        for column, length in _TEXTS.items():
            batch_op.add_column(sa.Column(column, sa.String(length=length), nullable=False, server_default=""))
    with op.batch_alter_table("issues") as batch_op:
        for column, length in _TEXTS.items():
            batch_op.alter_column(column, server_default=None, existing_type=sa.String(length=length))
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("pages", sa.Integer()))
    with op.batch_alter_table("articles") as batch_op:
        batch_op.alter_column("place", server_default=None, existing_type=sa.Integer())


def downgrade() -> None:
    with op.batch_alter_table("articles") as batch_op:
        for column in ("pages", "place"):
            batch_op.drop_column(column)
    with op.batch_alter_table("issues") as batch_op:
        for column in _TEXTS:
            batch_op.drop_column(column)
        for column in _FILES:
            batch_op.drop_index(batch_op.f(f"ix_issues_{column}"))
            batch_op.drop_constraint(batch_op.f(f"fk_issues_{column}_stored_files"), type_="foreignkey")
            batch_op.drop_column(column)

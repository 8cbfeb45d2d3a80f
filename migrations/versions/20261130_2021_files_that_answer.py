"""A file may answer a question of the organiser."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2021"
down_revision = "20261130_2012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("answers") as batch_op:
        batch_op.add_column(sa.Column("file_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_answers_file_id_stored_files"), "stored_files", ["file_id"], ["id"])
        batch_op.create_index(op.f("ix_answers_file_id"), ["file_id"])


def downgrade() -> None:
    # What such a question was answered goes with the column that leads to it.
    op.execute("DELETE FROM answers WHERE file_id IS NOT NULL")
    op.execute("UPDATE questions SET kind = 'text' WHERE kind = 'file'")
    with op.batch_alter_table("answers") as batch_op:
        batch_op.drop_index(op.f("ix_answers_file_id"))
        batch_op.drop_constraint(op.f("fk_answers_file_id_stored_files"), type_="foreignkey")
        batch_op.drop_column("file_id")

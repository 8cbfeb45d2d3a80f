"""For which day a year was offered to a speaker."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2213"
down_revision = "20261130_2212"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.add_column(sa.Column("study_day_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_contracts_study_day_id_study_days"), "study_days", ["study_day_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(op.f("ix_contracts_study_day_id"), ["study_day_id"])


def downgrade() -> None:
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.drop_index(op.f("ix_contracts_study_day_id"))
        batch_op.drop_constraint(op.f("fk_contracts_study_day_id_study_days"), type_="foreignkey")
        batch_op.drop_column("study_day_id")

"""A plan says how many copies of each number go out."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2251"
down_revision = "20261130_2241"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plans") as batch_op:
        batch_op.add_column(sa.Column("copies", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_check_constraint(op.f("ck_plans_copies_positive"), "copies > 0")
    with op.batch_alter_table("plans") as batch_op:
        batch_op.alter_column("copies", server_default=None, existing_type=sa.Integer())


def downgrade() -> None:
    with op.batch_alter_table("plans") as batch_op:
        batch_op.drop_constraint(op.f("ck_plans_copies_positive"), type_="check")
        batch_op.drop_column("copies")

"""A subscription knows how many copies its plan had: whether fewer were wanted is told from that."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0531"
down_revision = "20261201_0521"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contracts", sa.Column("plan_copies", sa.Integer(), nullable=True))
    # What the plan had then is not known any more: fewer than it has now counts as wanted.
    op.execute("UPDATE contracts SET plan_copies = (SELECT plans.copies FROM plans WHERE plans.id = contracts.plan_id)")
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.alter_column("plan_copies", nullable=False, existing_type=sa.Integer())


def downgrade() -> None:
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.drop_column("plan_copies")

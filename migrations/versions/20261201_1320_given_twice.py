"""Payments typed by mistake are told from those that the bank sent back; orders of which money is lost are found."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_1320"
down_revision = "20261201_1300"
branch_labels = None
depends_on = None

_CONDITION = sa.text("refunded_cents > paid_cents")


def upgrade() -> None:
    with op.batch_alter_table("payments") as batch_op:
        batch_op.add_column(sa.Column("by_mistake", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint("mistake_is_reversed", "kind = 'reversal' OR NOT by_mistake")
    op.create_index("ix_orders_lost", "orders", ["id"], postgresql_where=_CONDITION, sqlite_where=_CONDITION)


def downgrade() -> None:
    op.drop_index("ix_orders_lost", table_name="orders")
    with op.batch_alter_table("payments") as batch_op:
        batch_op.drop_constraint("mistake_is_reversed", type_="check")
        batch_op.drop_column("by_mistake")

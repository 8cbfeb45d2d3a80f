"""The books know a customer by one number; orders from before keep the account of their own that they have there."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2032"
down_revision = "20261130_2031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("customer_number", sa.String(length=20)))
        batch_op.create_index(batch_op.f("ix_orders_customer_number"), ["customer_number"])


def downgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_customer_number"))
        batch_op.drop_column("customer_number")

"""A promised payment that never comes closes the subscription that it opened: after how many days is the method's.

Mandats that had been placed before keep what they were placed under: nothing closes theirs by itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_1300"
down_revision = "20261201_0531"
branch_labels = None
depends_on = None

#: Days after those of grace.
_DAYS = 30


def upgrade() -> None:
    with op.batch_alter_table("payment_methods") as batch_op:
        batch_op.add_column(sa.Column("suspend_days", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            "suspends_what_it_starts", "suspend_days IS NULL OR (starts_subscription AND suspend_days >= 0)"
        )
    op.execute(
        sa.text("UPDATE payment_methods SET suspend_days = :days WHERE starts_subscription").bindparams(days=_DAYS)
    )
    op.add_column("orders", sa.Column("suspends_on", sa.Date(), nullable=True))
    op.add_column("orders", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("suspended_at")
        batch_op.drop_column("suspends_on")
    with op.batch_alter_table("payment_methods") as batch_op:
        batch_op.drop_constraint("suspends_what_it_starts", type_="check")
        batch_op.drop_column("suspend_days")
